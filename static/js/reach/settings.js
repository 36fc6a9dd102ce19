// What is asked beside the page, the dumps and the logs. Pure but for its words.

import { ports } from '../firewall/dumps.js';
import { t } from '../i18n.js';

/** Nothing set. */
export function untouched() {
  return { probe: true, own: false, ranges: '', rangesName: '', ports: '' };
}

/** In one line, for the closed drawer. */
export function brief(set) {
  return t('settings.brief', { probe: t(set.probe ? 'settings.probe.on' : 'settings.probe.off'), list: t(set.own ? 'settings.own' : 'settings.known') });
}

/** As the API takes them; a string is the key of what is wrong. */
export function asked(set) {
  const some = ports(set.ports);
  if (!some) return 'ask.ports';
  if (set.own && !set.ranges.trim()) return 'ask.ranges';
  return { probe: set.probe, ...(set.own && { ranges: set.ranges }), ...(some.length && { ports: some }) };
}

/** An address as typed, with its scheme; `null` if nothing was typed. */
export function address(typed) {
  const url = typed.trim();
  if (!url) return null;
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `https://${url}`;
}
