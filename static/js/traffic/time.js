// Moments of a log as the reader's clock tells them. Logs are about days and minutes: no seconds, and the year only where it is another.

import { el } from '../dom.js';
import { language, t } from '../i18n.js';

function written(dates) {
  const year = dates.some((date) => date.getFullYear() !== new Date().getFullYear());
  return new Intl.DateTimeFormat(language(), { ...(year && { year: 'numeric' }), month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', hour12: false });
}

/** A moment as text; '' for none. */
export function moment(iso) {
  const date = new Date(iso ?? NaN);
  return Number.isNaN(date.getTime()) ? '' : written([date]).format(date);
}

/** From when to when, as text. */
export function range(first, last) {
  const dates = [first, last].map((iso) => new Date(iso ?? NaN));
  return dates.some((date) => Number.isNaN(date.getTime())) ? '' : written(dates).formatRange(...dates);
}

/** A moment as an element. */
export function when(iso) {
  const text = moment(iso);
  return text ? el('time', { datetime: iso, title: iso }, text) : null;
}

/** A report's span as an element; one moment if it has no length. */
export function period(span) {
  if (!span) return null;
  return el('span', { class: 'period', title: `${span.first} – ${span.last}` }, moment(span.first) === moment(span.last) ? moment(span.first) : range(span.first, span.last));
}

/** In which zone the times are written. */
export function zone() {
  return t('time.zone', { zone: new Intl.DateTimeFormat(language(), { timeZoneName: 'short' }).formatToParts(new Date()).find(({ type }) => type === 'timeZoneName')?.value ?? '' });
}
