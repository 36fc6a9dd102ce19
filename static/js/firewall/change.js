// A change that opens a layer, drawn: the diff, its proof, the commands, what to know. Loaded with the first change.

import { copyButton } from '../copy.js';
import { button, el, foreign } from '../dom.js';
import { pick, t, word } from '../i18n.js';
import { visible } from './lines.js';
import { mark } from './piece.js';

/** A diff of more lines than this shows its beginning; the whole of it can be copied. */
const MOST_LINES = 600;

/** `apply(files)` puts the changed files in the place of the old ones and checks again. */
export function change(report, apply) {
  const { outcome, before, after, diff, files, commands, remarks, obstacles, proof } = report;
  const changed = diff.trim() !== '';
  return [
    el('p', { class: 'fix-headline' }, el('b', {}, foreign(pick(report.headline))), ' ', outcome === 'nothing-to-do' ? null : [mark(before), ' → ', mark(after)]),
    texts('obstacles', obstacles),
    changed ? [el('div', { class: 'bar-of' }, el('h4', {}, t('fix.diff')), el('span', {}, copyButton(() => diff, t('fix.diff')))), drawnDiff(diff)] : null,
    proof ? el('p', { class: 'meta proven' }, el('span', { class: `mark ${proof.changed?.length ? 'error' : proof.ranges_open ? 'used' : 'warning'}` }, t('fix.proof')), foreign(pick(proof.message))) : null,
    moved('changed', proof?.changed), moved('also', proof?.also_opens),
    commands?.length ? [el('div', { class: 'bar-of' }, el('h4', {}, t('fix.commands')), el('span', {}, copyButton(() => `${commands.join('\n')}\n`, t('fix.commands')))),
      el('pre', { class: 'code', tabindex: '0', role: 'group', 'aria-label': t('fix.commands') }, foreign(commands.map((one) => visible(one, Infinity)).join('\n'), { dir: 'ltr' }))] : null,
    texts('remarks', remarks),
    changed && files?.length ? el('div', { class: 'actions' }, button(t('fix.apply'), () => apply(files))) : null,
  ];
}

/** Addresses whose verdict the change moves beside what it is for. */
function moved(kind, some) {
  return some?.length ? [el('h4', {}, t(`fix.${kind}`)), el('ul', { class: 'limits' }, some.map(({ from, to, port, before, after }) => el('li', {},
    el('code', {}, `${from}–${to} :${port}`), ` ${word('standing', before)} → ${word('standing', after)}`)))] : null;
}

function texts(kind, some) {
  return some?.length ? [el('h4', {}, t(`fix.${kind}`)), el('ul', { class: 'limits' }, some.map((one) => el('li', {}, foreign(pick(one)))))] : null;
}

const KINDS = { '+': 'more', '-': 'less', '@': 'hunk', '\\': 'hunk' };

function drawnDiff(diff) {
  const lines = diff.replace(/\n$/, '').split('\n');
  return el('pre', { class: 'diff', tabindex: '0', role: 'group', 'aria-label': t('fix.diff') },
    lines.slice(0, MOST_LINES).map((text) => el('span', { class: /^(---|\+\+\+) /.test(text) ? 'hunk' : KINDS[text[0]] ?? null }, foreign(visible(text) || ' ', { dir: 'ltr' }))),
    lines.length > MOST_LINES ? el('span', { class: 'hunk' }, t('fix.more', { count: lines.length - MOST_LINES })) : null);
}
