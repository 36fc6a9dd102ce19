// The one verdict: the line that answers first, the way with the point where it ends, the evidence, and the parts under it.

import { copyButton } from '../copy.js';
import { button, el, foreign, panel } from '../dom.js';
import { shadowed, assumptions, changes } from '../firewall/notes.js';
import { mark, place } from '../firewall/piece.js';
import { ranges } from '../firewall/ranges.js';
import { visible } from '../firewall/lines.js';
import { language, pick, t } from '../i18n.js';
import { raw } from '../raw.js';
import { fileName, save } from '../save.js';
import { shellWord } from '../shell.js';
import { panels } from '../traffic/report.js';
import { say } from '../verdict.js';
import { advice, conflicts, evidence, limits } from './evidence.js';
import { path } from './path.js';
import { probe } from './probe.js';

const TONES = { reachable: 'ok', partly: 'warn', blocked: 'bad', 'cannot-tell': 'warn' };

/** Draws `report` and returns its headline. `files` and `question` are what was sent, `kept` what the reader did, `exported(format, lang)` asks for a document. */
export function report(verdict, view, { report: answer, files, question, formats, kept, side, exported }) {
  const firewall = answer.acl ? rules(answer.acl, files, formats, kept) : null;
  const blocked = answer.blocked_by;
  const decisive = answer.advice.length ? ['#advice', 'verdict.fix'] : ['#evidence', 'verdict.more'];
  say(verdict, {
    tone: TONES[answer.verdict] ?? 'calm',
    headline: pick(answer.headline),
    reason: blocked ? pick(blocked.reason) : null,
    now: blocked?.line ? el('p', { class: 'decisive' }, blocked.place ? there(blocked.place, files, firewall) : null, ' ', el('code', {}, foreign(visible(blocked.line.trim()), { dir: 'ltr' }))) : null,
    link: answer.verdict === 'reachable' ? null : jump(t(decisive[1]), decisive[0]),
    side: [side],
  });
  view.replaceChildren(...[
    path(answer), advice(answer), conflicts(answer), evidence(answer), limits(answer),
    answer.probe ? fold('probe', t('part.probe'), foreign(pick(answer.probe.headline)), kept, () => probe(answer.probe)) : null,
    firewall?.element,
    answer.logs ? fold('logs', t('part.logs'), foreign(pick(answer.logs.headline)), kept, () => panels(answer.logs, kept, 'log-findings')) : null,
    exporting(answer, exported), command(question), raw(answer, kept),
  ].filter(Boolean));
  return pick(answer.headline);
}

function jump(label, to) {
  return el('a', { class: 'fix', href: to, onclick: (event) => { event.preventDefault(); document.querySelector(to).scrollIntoView({ block: 'start' }); } }, label, el('span', { 'aria-hidden': 'true' }, ' ↓'));
}

/** `rules.v4:9` or `rules.v4 line 9` as a link that opens the dump there; as it is, where it names no file of ours. */
function there(written, files, firewall) {
  const file = files.filter(({ name }) => written.startsWith(name)).sort((one, other) => other.name.length - one.name.length)[0];
  const line = Number(written.slice(file?.name.length ?? 0).match(/\d+/)?.[0]);
  return file && line && firewall ? place({ file: file.name, line }, firewall.jump) : el('code', {}, foreign(visible(written)));
}

/** A part that stays closed until someone opens it. `open()` does. */
function fold(id, heading, aside, kept, fill) {
  const body = el('div', { class: 'findings' });
  const draw = () => { if (!body.hasChildNodes()) body.append(...fill().filter(Boolean)); };
  const details = el('details', { class: 'part', id: `part-${id}`, open: kept[id], ontoggle: () => { kept[id] = details.open; if (details.open) draw(); } },
    el('summary', {}, el('h2', {}, heading), el('span', { class: 'quietly' }, aside)), body);
  if (kept[id]) draw();
  return details;
}

function rules(acl, files, formats, kept) {
  kept.rules ??= { piece: null };
  let shown = null;
  const show = (at) => {
    element.open = true;
    shown ?? fill();
    shown.jump(at);
  };
  const fill = () => {
    shown = ranges(acl, files, kept.rules);
    return [shown.element, shadowed(acl, show), changes(acl), assumptions(acl, formats, show)];
  };
  const element = fold('acl', t('part.acl'), [mark(acl.verdict), ' ', foreign(pick(acl.headline))], kept, fill);
  return {
    element,
    jump: (at) => {
      element.open = true;
      // The part is filled when it has opened.
      requestAnimationFrame(() => requestAnimationFrame(() => shown?.jump(at)));
    },
  };
}

const TYPES = [['md', 'Markdown', 'text/markdown;charset=utf-8'], ['html', 'HTML', 'text/html;charset=utf-8']];

/** Documents for others; the server writes them, so it is asked again. */
function exporting(answer, exported) {
  const name = (ending) => `${fileName('kakao-reach', URL.canParse(answer.requested_url) ? new URL(answer.requested_url).hostname : '')}.${ending}`;
  const said = el('p', { class: 'quietly', role: 'status' });
  const asking = (format, type) => async (event) => {
    const pressed = event.currentTarget;
    pressed.disabled = true;
    said.textContent = t('export.working');
    const { blob, failed } = await exported(format, language());
    if (blob) save(name(format), type, blob);
    said.textContent = failed ?? '';
    pressed.disabled = false;
  };
  return panel('export', t('export.heading'), null, el('div', { class: 'exports' }, el('p', { class: 'quietly' }, t('export.note')),
    el('div', { class: 'actions' }, TYPES.map(([format, label, type]) => button(t('export.save', { type: label }), asking(format, type), { 'data-save': format })),
      button(t('export.save', { type: 'JSON' }), () => save(name('json'), 'application/json', `${JSON.stringify(answer, null, 2)}\n`), { 'data-save': 'json' })), said));
}

/** The same question in a terminal. */
function command({ url, dumps, logs, ranges: own, probe: asked, ...rest }) {
  const line = ['scraplens reach', shellWord(url), ...dumps.map(({ name }) => `--acl ${shellWord(name)}`), ...dumps.some(({ format }) => format !== 'auto') ? dumps.map(({ format }) => `--format ${format}`) : [],
    ...dumps.some(({ sees }) => sees !== 'direct') ? dumps.map(({ sees }) => `--sees ${sees}`) : [], ...logs.map(({ name }) => `--log ${shellWord(name)}`), ...(own ? ['--ranges ips.json'] : []),
    ...['interface', 'template', 'client_field'].filter((name) => rest[name]).map((name) => `--${name.replace('_', '-')} ${shellWord(rest[name])}`), ...(rest.proxies ?? []).map((one) => `--proxy ${one}`), ...(asked ? [] : ['--no-probe'])].join(' ');
  return panel('command', t('command.heading'), null, el('div', { class: 'command' }, el('p', {}, t('command.reach')), el('span', {}, copyButton(() => line, t('command.heading'))), el('pre', { class: 'code' }, line)));
}
