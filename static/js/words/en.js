// What every page says, in English. What only one says stands in a file of its own: scrape.en.js, firewall.en.js.
export default {
  skip: 'Skip to content',
  footer: 'scraplens is not affiliated with Kakao. It works from published documents and observed behaviour, and Kakao may act differently.',
  'theme.label': 'Theme',
  'theme.auto': 'Follow the system',
  'theme.light': 'Light',
  'theme.dark': 'Dark',
  'language.label': 'Language',

  'nav.label': 'Pages',
  'nav.scrape': 'Scrape',
  'nav.firewall': 'Firewall',

  'working.elapsed': '{seconds} s',
  'working.cancel': 'Cancel',
  'cancelled.headline': 'Cancelled',
  'cancelled.reason': 'Stopped before a result arrived.',
  retry: 'Try again',
  'retry.in': 'Try again in {seconds} s',

  'failure.busy': 'Too many requests right now',
  'failure.busy.reason': 'Try again in a moment.',
  'failure.caller': 'This address cannot be checked',
  'failure.server': 'This server has a problem',
  'failure.server.reason': 'The page you entered is not the cause. Try again in a moment.',
  'failure.offline': 'You are offline',
  'failure.offline.reason': 'The check goes on by itself once you are connected again.',
  'failure.unreachable': 'The scraplens server cannot be reached',
  'failure.unreachable.reason': 'Check that the server is running and that the network lets you through.',
  'failure.garbled': 'The server’s answer cannot be read',
  'failure.garbled.reason': 'What arrived is not a report (HTTP {status}). A proxy on the way may have changed it.',

  'verdict.label': 'Verdict',
  'verdict.fix': 'How to fix it',
  'verdict.more': 'See details',

  'place.long': 'line {line}, column {column}',
  'place.line': 'line {line}',

  'command.heading': 'Command line',
  'raw.heading': 'Raw data',
  'raw.show': 'Show JSON',
  copy: 'Copy',
  'copy.done': 'Copied',
  'copy.failed': 'Could not copy',
};
