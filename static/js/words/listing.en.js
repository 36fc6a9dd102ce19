// The page's source, in English; loaded when it is opened.
export default {
  'source.gap': '{count} lines left out',
  'source.gap.one': '1 line left out',
  'source.truncated': 'Lines far from any tag, and the rest of long lines, are left out.',
  'source.mark.error': 'Tag with an error',
  'source.mark.warning': 'Tag with a warning',
  'source.mark.info': 'Tag with a note',
  'source.mark.used': 'Tag the card uses',
  'source.mark.seen': 'Other tags that were read',
};
