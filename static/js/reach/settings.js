// What is asked beside the page, the dumps and the logs. Pure but for its words.

import { t } from '../i18n.js';

/** Nothing set. */
export function untouched() {
  return { probe: true, own: false, ranges: '', rangesName: '', interface: '', template: '', client: '', proxies: '' };
}

/** In one line, for the closed drawer. */
export function brief(set) {
  return t('settings.brief', { probe: t(set.probe ? 'settings.probe.on' : 'settings.probe.off'), list: t(set.own ? 'settings.own' : 'settings.known') });
}

const ADDRESSES = /^[0-9a-f:.]+(\/\d{1,3})?$/i;

/** As the API takes them; a string is the key of what is wrong. */
export function asked(set) {
  const proxies = set.proxies.split(/[\s,]+/).filter(Boolean);
  if (!proxies.every((one) => ADDRESSES.test(one))) return 'ask.proxies';
  if (set.own && !set.ranges.trim()) return 'ask.ranges';
  const typed = { interface: set.interface.trim(), template: set.template.trim(), client_field: set.client.trim() };
  return { probe: set.probe, ...(set.own && { ranges: set.ranges }), ...Object.fromEntries(Object.entries(typed).filter(([, value]) => value)), ...(proxies.length && { proxies }) };
}

/** An address as typed, with its scheme; `null` if nothing was typed. */
export function address(typed) {
  const url = typed.trim();
  if (!url) return null;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `https://${url}`;
}
