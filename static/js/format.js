// Numbers, sizes, times and places, as the reader writes them.

import { el } from './dom.js';
import { language, t } from './i18n.js';

export function number(value, digits = 0) {
  return new Intl.NumberFormat(language(), { maximumFractionDigits: digits }).format(value);
}

/** Milliseconds; one decimal where it matters. */
export function ms(value) {
  return `${number(value, value < 10 ? 1 : 0)} ms`;
}

/** Bytes, and in KB or MB (of 1,024) what is too long to grasp. */
export function bytes(value) {
  const exact = `${number(value)} B`;
  if (value < 10_000) return exact;
  return value < 1_048_576 ? `${number(value / 1_024)} KB (${exact})` : `${number(value / 1_048_576, 1)} MB (${exact})`;
}

export function size(width, height) {
  return `${number(width)} × ${number(height)} px`;
}

/** A moment in the reader's zone, with how far away it is; `null` stays `null`. */
export function moment(iso) {
  const date = new Date(iso ?? NaN);
  if (Number.isNaN(date.getTime())) return null;
  const written = new Intl.DateTimeFormat(language(), {
    month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', second: '2-digit',
  }).format(date);
  return [el('time', { datetime: iso, title: iso }, written), ' ', ago(iso)];
}

/** How far away a moment is, in brackets; `refreshAgo` keeps it true. */
export function ago(iso) {
  return el('span', { class: 'ago', 'data-ago': iso }, `(${away(new Date(iso))})`);
}

/** A day in the reader's zone. */
export function day(iso) {
  const date = new Date(iso ?? NaN);
  if (Number.isNaN(date.getTime())) return '?';
  return el('time', { datetime: iso, title: iso }, new Intl.DateTimeFormat(language(), { dateStyle: 'medium' }).format(date));
}

const UNITS = [['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1]];

/** "3 minutes ago", "in 2 hours". */
function away(date) {
  if (Number.isNaN(date.getTime())) return '?';
  const seconds = Math.round((date.getTime() - Date.now()) / 1000);
  const [unit, length] = UNITS.find(([, least]) => Math.abs(seconds) >= least) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(language(), { numeric: 'auto' }).format(Math.round(seconds / length), unit);
}

/** Brings every "3 minutes ago" on the page up to date. */
export function refreshAgo() {
  for (const element of document.querySelectorAll('[data-ago]')) element.textContent = `(${away(new Date(element.dataset.ago))})`;
}

/** Where something stands in the source, as a link that goes there; null when nobody knows. `short` says `12:3`. */
export function placeLink({ line, column }, jump, short = false) {
  if (!line) return null;
  const long = column ? t('place.long', { line, column }) : t('place.line', { line });
  const brief = [line, column].filter(Boolean).join(':');
  const go = (event) => { event.preventDefault(); jump({ line, column }); };
  return el('a', { class: 'place', href: '#source', onclick: go, 'aria-label': short ? `${brief}, ${long}` : null }, short ? brief : long);
}
