// The report for other tools: the commands that ask the same, and the JSON itself.

import { copyButton } from './copy.js';
import { drawer, el, panel } from './dom.js';
import { bytes } from './format.js';
import { t } from './i18n.js';
import { shellWord } from './shell.js';

export function command(report) {
  const url = shellWord(report.requested_url);
  const lines = [['command.scraplens', `scraplens scrape ${url}`], ['command.curl', `curl -sSiL --compressed -A ${shellWord(report.user_agent)} ${url}`]];
  return panel('command', t('command.heading'), null,
    lines.map(([key, line]) => el('div', { class: 'command' },
      el('p', {}, t(key)), el('span', {}, copyButton(() => line, t(key))), el('pre', { class: 'code' }, line))));
}

/** The text is written only when someone looks at it: it is long. */
export function raw(report, kept) {
  const text = JSON.stringify(report, null, 2);
  return drawer('raw', t('raw.heading'), [el('span', {}, bytes(new Blob([text]).size)), copyButton(() => text, 'JSON')], t('raw.show'), kept,
    (body) => body.append(el('pre', { class: 'code', tabindex: '0', role: 'group', 'aria-label': 'JSON' }, text))).element;
}
