// The report of a check: the line that answers first, and the panels under it.

import { copyButton } from '../copy.js';
import { button, el, foreign, panel } from '../dom.js';
import { pick, t } from '../i18n.js';
import { raw } from '../raw.js';
import { save } from '../save.js';
import { shellWord } from '../shell.js';
import { say } from '../verdict.js';
import { csvOf, markdown } from './export.js';
import { fixes } from './fix.js';
import { culprit, refusing } from './groups.js';
import { visible } from './lines.js';
import { listUsed } from './list.js';
import { assumptions, changes, shadowed } from './notes.js';
import { place } from './piece.js';
import { ranges } from './ranges.js';

const TONES = { allowed: 'ok', partial: 'warn', denied: 'bad', undetermined: 'warn' };

/** Draws `report` and returns its headline. `files` and `question` are what was sent, `kept` what the reader did, `ask` and `apply` serve the fix. */
export function report(verdict, view, { report: answer, files, question, formats, kept, side, ask, apply }) {
  const shown = ranges(answer, files, kept);
  const mended = fixes(refusing(answer), formats, kept, { ask, apply });
  const title = sayAnswer(verdict, answer, { fix: mended.go, look: shown.go, show: shown.jump, side: [side] });
  view.replaceChildren(...[shown.element, mended.element, shadowed(answer, shown.jump), changes(answer), listUsed(answer), assumptions(answer, formats, shown.jump), exporting(answer), command(question), raw(answer, kept)].filter(Boolean));
  return title;
}

/** The report as files that others can read; made here, from what is shown. */
function exporting(answer) {
  const text = () => markdown(answer);
  return panel('export', t('export.heading'), null, el('div', { class: 'exports actions' },
    button(t('export.save', { type: 'Markdown' }), () => save('kakao-firewall.md', 'text/markdown;charset=utf-8', text()), { 'data-save': 'md' }), copyButton(text, 'Markdown'),
    // A spreadsheet takes UTF-8 for UTF-8 only if the file says so.
    button(t('export.save', { type: 'CSV' }), () => save('kakao-firewall.csv', 'text/csv;charset=utf-8', `\uFEFF${csvOf(answer)}`), { 'data-save': 'csv' }),
    button(t('export.save', { type: 'JSON' }), () => save('kakao-firewall.json', 'application/json', `${JSON.stringify(answer, null, 2)}\n`), { 'data-save': 'json' })));
}

/** `fix()` leads to the fix, `look()` to the piece that matters most, `show(place)` to a line. */
function sayAnswer(into, report, { fix, look, show, side }) {
  const { verdict, headline } = report;
  const refused = culprit(report, 'denied');
  const open = refused ?? culprit(report, 'undetermined');
  say(into, {
    tone: TONES[verdict] ?? 'calm',
    headline: pick(headline),
    reason: verdict === 'allowed' ? pick(report.list.note) : reason(open, refused ? 'denied' : 'undetermined'),
    now: open?.by?.file && open.by.line ? el('p', { class: 'decisive' }, place(open.by, show), ' ', el('code', {}, foreign(visible((open.by.text ?? '').trim()), { dir: 'ltr' }))) : null,
    link: refused && fix ? jump(t('verdict.fix'), fix) : verdict === 'allowed' ? null : jump(t('verdict.more'), look),
    side,
  });
  return pick(headline);
}

function jump(label, go) {
  return el('a', { class: 'fix', href: '#ranges', onclick: (event) => { event.preventDefault(); go(); } }, label, el('span', { 'aria-hidden': 'true' }, ' ↓'));
}

function reason(found, verdict) {
  if (!found) return null;
  const { by, count, family, ports } = found;
  const where = by?.line ? 'line' : 'layer';
  return t(`reason.${verdict}.${family === 6 ? 'v6' : where}`, { count, ports: ports.join(', '), layer: by?.layer ?? '' }) + (verdict === 'undetermined' && by?.message ? ` ${pick(by.message)}` : '');
}

/** The same question in a terminal. */
function command(question) {
  const line = ['scraplens acl check', ...question.dumps.map(({ name }) => shellWord(name)), ...question.dumps.some(({ format }) => format !== 'auto') ? question.dumps.map(({ format }) => `--format ${format}`) : [],
    ...question.dumps.some(({ sees }) => sees !== 'direct') ? question.dumps.map(({ sees }) => `--sees ${sees}`) : [], ...question.dumps.some(({ port }) => port) ? question.dumps.map(({ port }) => `--at-port ${port ?? 'same'}`) : [], ...(question.ranges ? ['--ranges ips.json'] : []), ...question.ports.map((port) => `--port ${port}`),
    ...(question.interface ? [`--interface ${shellWord(question.interface)}`] : []), ...(question.url ? [`--url ${shellWord(question.url)}`] : [])].join(' ');
  return panel('command', t('command.heading'), null, el('div', { class: 'command' }, el('p', {}, t('command.check')), el('span', {}, copyButton(() => line, t('command.heading'))), el('pre', { class: 'code' }, line)));
}
