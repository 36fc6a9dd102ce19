// What else a reader should know: lines that can never decide, what was taken for granted, what the files cannot tell, and what
// the list says will change.

import { el, foreign, panel } from '../dom.js';
import { pick, t } from '../i18n.js';
import { mark, place } from './piece.js';
import { visible } from './lines.js';

function line(text) {
  return el('pre', { class: 'proof' }, foreign(visible(text.trim()), { dir: 'ltr' }));
}

/** Lines that another line keeps from ever deciding. */
export function shadowed(report, show) {
  const all = report.shadowed ?? [];
  if (!all.length) return null;
  return panel('shadowed', t('shadowed.heading', { count: all.length }), null, el('ol', {}, all.map((one) => el('li', { class: 'note-item' },
    el('p', {}, one.differs ? [el('span', { class: 'mark warning' }, t('shadowed.differs')), ' '] : null, foreign(pick(one.message))),
    line(one.text),
    el('p', { class: 'meta' }, place(one, show, 'doubted'),
      one.by ? el('span', {}, t('shadowed.by')) : null, one.by ? place({ file: one.by_file ?? one.file, line: one.by }, show) : null)))));
}

/** Assumptions, and what each dialect's files cannot tell. `formats` may be missing: then only the former. */
export function assumptions(report, formats, show) {
  const all = report.assumptions ?? [];
  const limits = [...new Set(report.layers.map(({ format }) => format))].map((name) => formats?.find((one) => one.name === name)).filter((one) => one?.cannot?.length);
  if (!all.length && !limits.length) return null;
  return panel('assumptions', t('assumptions.heading'), null,
    all.length ? el('ol', {}, all.map((one) => el('li', { class: 'note-item' },
      el('p', {}, foreign(pick(one.message))), one.text ? line(one.text) : null,
      el('p', { class: 'meta' }, place(one, show, 'doubted'), el('code', {}, one.code))))) : el('p', { class: 'empty' }, t('assumptions.none')),
    limits.map(({ title, cannot }) => el('details', {}, el('summary', {}, t('assumptions.cannot', { title })), el('ul', { class: 'limits' }, cannot.map((one) => el('li', {}, foreign(pick(one))))))));
}

/** The verdicts after each change that the list announces. */
export function changes(report) {
  const all = report.changes ?? [];
  if (!all.length) return null;
  return panel('changes', t('changes.heading'), null, el('ol', {}, all.map((one) => el('li', { class: 'note-item' },
    el('p', {}, one.date ? [el('b', {}, one.date), ' '] : null, mark(one.before), ' → ', mark(one.after), ' ', foreign(pick(one.message))),
    networks('changes.additions', one.additions), networks('changes.exclusions', one.exclusions)))));
}

function networks(key, some) {
  return some?.length ? el('p', { class: 'meta' }, el('span', {}, t(key)), some.map((cidr) => el('code', {}, cidr))) : null;
}
