// A change to the rules, in English; loaded with the first one.
export default {
  'fix.diff': 'The change',
  'fix.proof': 'Proof',
  'fix.commands': 'Commands to run',
  'fix.remarks': 'Before you apply it',
  'fix.obstacles': 'What stays closed or unknown',
  'fix.changed': 'What else changes: do not apply it like this',
  'fix.also': 'Ports that open along with it, for Kakao’s ranges',
  'fix.apply': 'Check again with this change',
  'fix.more': '{count} more lines; a copy has them all.',
};
