// How the logs are to be read: their format, whose address counts, which ranges, which time. Pure but for its words.

import { t } from '../i18n.js';

/** Nothing set. */
export function untouched() {
  return { format: 'auto', template: '', client: '', proxies: '', own: false, ranges: '', rangesName: '', since: '', until: '' };
}

/** In one line, for the closed drawer. */
export function brief(set, formats) {
  const format = set.template.trim() ? t('settings.template.own') : set.format === 'auto' ? t('settings.format.auto') : (formats.find(({ name }) => name === set.format)?.title ?? set.format);
  return t('settings.brief', { format, list: t(set.own ? 'settings.own' : 'settings.known') });
}

const ADDRESSES = /^[0-9a-f:.]+(\/\d{1,3})?$/i;

/** As the API takes them, `[[name, value]]` in the order they are sent; a string is the key of what is wrong. */
export function asked(set) {
  const proxies = set.proxies.split(/[\s,]+/).filter(Boolean);
  if (!proxies.every((one) => ADDRESSES.test(one))) return 'ask.proxies';
  if (set.own && !set.ranges.trim()) return 'ask.ranges';
  const [since, until] = [set.since, set.until].map((typed) => (typed ? new Date(typed) : null));
  if (since && until && since >= until) return 'ask.times';
  return [
    ['format', set.format === 'auto' || set.template.trim() ? '' : set.format], ['template', set.template.trim()], ['client_field', set.client.trim()], ...proxies.map((one) => ['proxy', one]),
    ['since', since?.toISOString() ?? ''], ['until', until?.toISOString() ?? ''], ['ranges', set.own ? set.ranges : ''],
  ].filter(([, value]) => value);
}
