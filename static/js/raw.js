// The report for other tools: the command that prints it, and the JSON itself.

import { copyButton } from './copy.js';
import { el, panel } from './dom.js';
import { bytes, shellWord } from './format.js';
import { t } from './i18n.js';

export function command(report) {
  const line = `scraplens scrape ${shellWord(report.requested_url)}`;
  return panel('command', t('command.heading'), copyButton(() => line, t('command.heading')),
    el('p', { class: 'lead' }, t('command.body')),
    el('pre', { class: 'code' }, line));
}

/** `kept.json` remembers whether it was open. The text is written only then: it is long. */
export function raw(report, kept) {
  const text = JSON.stringify(report, null, 2);
  const pre = el('pre', { class: 'code', tabindex: '0', role: 'group', 'aria-label': 'JSON' });
  const details = el('details', { open: kept.json, ontoggle: () => { kept.json = details.open; fill(); } }, el('summary', {}, t('raw.show')), pre);
  const fill = () => { if (details.open && !pre.firstChild) pre.append(text); };
  fill();
  return panel('raw', t('raw.heading'), [el('span', {}, bytes(new Blob([text]).size)), copyButton(() => text, 'JSON')], details);
}
