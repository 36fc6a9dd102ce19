// Per field of the card: every value that was considered, which one was used, and why.

import { el, foreign, panel, table } from './dom.js';
import { place } from './format.js';
import { known, pick, t } from './i18n.js';

// Fields without candidates of their own; shown when they have a value.
const PLAIN = ['type', 'site_name', 'section', 'duration'];
// A page may have dozens of images; the first ones are those that count.
const FEW = 5;

export function choices(report) {
  const { card } = report;
  const fields = Object.entries(card.candidates ?? {});
  const rest = PLAIN.filter((field) => card[field] && !fields.some(([name]) => name === field));
  const holder = el('div', {});
  const draw = (all) => {
    const more = el('p', { class: 'more' }, el('button', { type: 'button', class: 'quiet', onclick: () => { draw(true); holder.firstChild.focus(); } }, t('choices.all')));
    more.hidden = all || fields.every(([, candidates]) => candidates.length <= FEW);
    holder.replaceChildren(choiceTable(card, fields, rest, all), more);
  };
  draw(false);
  return panel('choices', t('choices.heading'), null, holder);
}

function choiceTable(card, fields, rest, all) {
  return table(t('choices.heading'), [
    { label: t('choices.field'), class: 'field' },
    { label: t('choices.from'), class: 'from' },
    { label: t('choices.value'), class: 'content' },
    { label: t('choices.place'), class: 'at' },
    { label: t('choices.why'), class: 'why' },
  ], [
    ...fields.flatMap(([field, candidates]) => rowsOf(field, candidates.filter((one, index) => all || index < FEW || one.used), card)),
    ...rest.map((field) => row({ name: heading(field), value: foreign(String(card[field])), used: true })),
  ], { class: 'stacks considered', tabindex: '-1' });
}

/** The rows of one field. Its name stands in each of them, for screen readers; the eye sees it once. */
function rowsOf(field, candidates, card) {
  const name = (index) => (index === 0 ? heading(field, source(card, field)?.rule) : el('span', { class: 'unseen' }, fieldName(field)));
  if (candidates.length === 0) return [row({ name: name(0), value: card[field] ? foreign(String(card[field])) : quietly(t('choices.empty')), used: true })];
  return candidates.map((one, index) => row({
    name: name(index),
    from: [el('code', {}, foreign(one.from ?? '')), ' ', one.used ? el('span', { class: 'mark used' }, t('choices.used')) : el('span', { class: 'unseen' }, t('choices.unused'))],
    value: [one.value ? foreign(one.value) : quietly(t('tags.empty')), one.used ? final(one.value, card[field]) : null],
    at: place(one),
    why: foreign(pick(one.why)),
    used: one.used,
    first: index === 0,
  }));
}

/** Where the field's value is from; of several images, the first counts. */
function source(card, field) {
  return card.sources?.[field === 'images' ? 'image' : field];
}

/** What the card says, if it is not what the tag says: cut, resolved or sorted. */
function final(value, shown) {
  return typeof shown === 'string' && shown !== value ? el('p', { class: 'final' }, quietly(t('choices.final')), ' ', foreign(shown)) : null;
}

function row({ name, from = null, value, at = '', why = null, used = false, first = true }) {
  return { attributes: { class: [used && 'used', first && 'first'].filter(Boolean).join(' ') || null }, cells: [name, from, value, at, why] };
}

function heading(field, rule) {
  return [el('b', {}, fieldName(field)), rule ? [' ', el('code', { class: 'quietly' }, foreign(rule))] : null];
}

function fieldName(field) {
  return known(`field.${field}`) ? t(`field.${field}`) : field;
}

function quietly(words) {
  return el('span', { class: 'quietly' }, words);
}
