// Small things every table of requests says: whose an address is, statuses, a text from a log.

import { el, foreign } from '../dom.js';
import { visible } from '../firewall/lines.js';
import { number } from '../format.js';
import { t, word } from '../i18n.js';

/** Most trusted first; the order of every list and bar. */
export const ORIGINS = ['genuine', 'plausible', 'unverified-cloud', 'hidden', 'forged'];
const MARKS = { genuine: 'used', plausible: 'used', 'unverified-cloud': 'warning', forged: 'error' };
/** Nobody reads more of a path in a table. */
const MOST_CHARACTERS = 300;

/** Whose an address is, as a small mark. */
export function origin(name) {
  return el('span', { class: `mark ${MARKS[name] ?? ''}` }, word('origin', name));
}

/** A path, an address or a user agent, as the log has it. */
export function written(text, most = MOST_CHARACTERS) {
  return text === null || text === undefined ? null : el('code', {}, foreign(visible(String(text), most), { dir: 'ltr' }));
}

const CLASSES = [['ok', '2xx'], ['redirected', '3xx'], ['refused', '4xx'], ['failed', '5xx'], ['unknown', null]];

/** Statuses by class, without those that did not come. */
export function statuses(some) {
  const shown = CLASSES.filter(([name]) => some[name] > 0);
  return el('span', { class: 'statuses' }, shown.map(([name, digits]) => el('span', { class: ['refused', 'failed'].includes(name) ? 'bad' : null }, `${digits ?? t('status.unknown')} ${number(some[name])}`)));
}

/** One status as a mark: got, refused, or a note. */
export function status(code) {
  if (code === null || code === undefined) return el('span', { class: 'mark' }, t('status.unknown'));
  return el('span', { class: `mark ${code >= 400 ? 'error' : code < 300 || code === 304 ? 'used' : ''}` }, String(code));
}
