// The report of logs: the line that answers first, and the panels under it.

import { copyButton } from '../copy.js';
import { button, el, panel } from '../dom.js';
import { pick, t } from '../i18n.js';
import { raw } from '../raw.js';
import { save } from '../save.js';
import { shellWord } from '../shell.js';
import { foremost } from '../traffic/findings.js';
import { panels } from '../traffic/report.js';
import { say } from '../verdict.js';
import { csvOf, markdown } from './export.js';

const TONES = { served: 'ok', 'partly-refused': 'warn', refused: 'bad', absent: 'warn', 'cannot-tell': 'warn' };

/** Draws `report` and returns its headline. `names` and `set` are what was sent, `kept` what the reader did. */
export function report(verdict, view, { report: answer, names, set, kept, side }) {
  const decisive = foremost(answer);
  say(verdict, {
    tone: TONES[answer.verdict] ?? 'calm',
    headline: pick(answer.headline),
    reason: decisive ? pick(decisive.message) : null,
    advice: decisive ? pick(decisive.advice) : null,
    link: decisive ? el('a', { class: 'fix', href: '#findings', onclick: (event) => { event.preventDefault(); document.querySelector('#findings').scrollIntoView({ block: 'start' }); } }, t('verdict.more'), el('span', { 'aria-hidden': 'true' }, ' ↓')) : null,
    side: [side],
  });
  view.replaceChildren(...[...panels(answer, kept, 'findings'), exporting(answer), command(names, set), raw(answer, kept)].filter(Boolean));
  return pick(answer.headline);
}

const TABLES = ['ranges', 'sources', 'refused', 'pages'];

/** The report as files that others can read; made here, from what is shown. */
function exporting(answer) {
  const text = () => markdown(answer);
  return panel('export', t('export.heading'), null,
    el('div', { class: 'exports' },
      el('div', { class: 'actions' }, button(t('export.save', { type: 'Markdown' }), () => save('kakao-logs.md', 'text/markdown;charset=utf-8', text()), { 'data-save': 'md' }), copyButton(text, 'Markdown'),
        button(t('export.save', { type: 'JSON' }), () => save('kakao-logs.json', 'application/json', `${JSON.stringify(answer, null, 2)}\n`), { 'data-save': 'json' })),
      el('div', { class: 'actions' }, TABLES.filter((kind) => kind === 'ranges' || answer[kind].length).map((kind) =>
        // A spreadsheet takes UTF-8 for UTF-8 only if the file says so.
        button(t('export.save', { type: `CSV: ${t(`export.${kind}`)}` }), () => save(`kakao-logs-${kind}.csv`, 'text/csv;charset=utf-8', `\uFEFF${csvOf(answer, kind)}`), { 'data-save': kind })))));
}

const OPTIONS = { format: '--format', template: '--template', client_field: '--client-field', proxy: '--proxy', since: '--since', until: '--until' };

/** The same question in a terminal. */
function command(names, set) {
  const line = ['scraplens logs', ...names.map(shellWord), ...set.map(([name, value]) => (name === 'ranges' ? '--ranges ips.json' : `${OPTIONS[name]} ${shellWord(value)}`))].join(' ');
  return panel('command', t('command.heading'), null, el('div', { class: 'command' }, el('p', {}, t('command.logs')), el('span', {}, copyButton(() => line, t('command.heading'))), el('pre', { class: 'code' }, line)));
}
