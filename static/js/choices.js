// Per field of the card: every value that was considered, which one was used, and why. Loads when someone asks.

import { button, el, foreign, table } from './dom.js';
import { placeLink } from './format.js';
import { pick, t, word } from './i18n.js';

// Fields without candidates of their own; shown when they have a value.
const PLAIN = ['type', 'site_name', 'section', 'duration'];
// Its style comes with it: few readers open this.
const style = el('link', { rel: 'stylesheet', href: '/static/css/choices.css' });
const styled = new Promise((done) => { style.onload = done; style.onerror = done; });
document.head.append(style);
await styled;

// A page may have dozens of images; the first ones are those that count.
const FEW = 5;

/** Draws into `body`; `jump(place)` shows a place of the source. */
export function choices(body, { card }, jump) {
  const fields = Object.entries(card.candidates ?? {});
  const rest = PLAIN.filter((field) => card[field] && !fields.some(([name]) => name === field));
  const draw = (all) => {
    const more = el('p', { class: 'more' }, button(t('choices.all'), () => { draw(true); body.firstChild.focus(); }));
    more.hidden = all || fields.every(([, candidates]) => candidates.length <= FEW);
    body.replaceChildren(choiceTable(card, fields, rest, all, jump), more);
  };
  draw(false);
}

function choiceTable(card, fields, rest, all, jump) {
  return table(t('choices.heading'), [
    { label: t('choices.field'), class: 'field' },
    { label: t('choices.from'), class: 'from' },
    { label: t('choices.value'), class: 'content' },
    { label: t('choices.place'), class: 'at' },
    { label: t('choices.why'), class: 'why' },
  ], [
    ...fields.flatMap(([field, candidates]) => rowsOf(field, candidates.filter((one, index) => all || index < FEW || one.used), card, jump)),
    ...rest.map((field) => row({ name: heading(field), value: foreign(String(card[field])), used: true })),
  ], { class: 'stacks considered', tabindex: '-1' });
}

/** The rows of one field. Its name stands in each of them, for screen readers; the eye sees it once. */
function rowsOf(field, candidates, card, jump) {
  const name = (index) => (index === 0 ? heading(field, source(card, field)?.rule) : el('span', { class: 'unseen' }, fieldName(field)));
  if (candidates.length === 0) return [row({ name: name(0), value: card[field] ? foreign(String(card[field])) : quietly(t('choices.empty')), used: true })];
  return candidates.map((one, index) => row({
    name: name(index),
    from: [el('code', {}, foreign(one.from ?? '')), ' ', one.used ? el('span', { class: 'mark used' }, t('choices.used')) : el('span', { class: 'unseen' }, t('choices.unused'))],
    value: [one.value ? foreign(one.value) : quietly(t('tags.empty')), one.used ? final(one.value, card[field]) : null],
    at: placeLink(one, jump, true),
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

function row({ name, from = null, value, at = null, why = null, used = false, first = true }) {
  return { attributes: { class: [used && 'used', first && 'first'].filter(Boolean).join(' ') || null }, cells: [name, from, value, at, why] };
}

function heading(field, rule) {
  return [el('b', {}, fieldName(field)), rule ? [' ', el('code', { class: 'quietly' }, foreign(rule))] : null];
}

function fieldName(field) {
  return word('field', field);
}

function quietly(words) {
  return el('span', { class: 'quietly' }, words);
}
