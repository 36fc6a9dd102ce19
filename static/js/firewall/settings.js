// What is asked beside the dumps: whose addresses, which ports, and what is known of the server.

import { t } from '../i18n.js';
import { ports } from './dumps.js';

/** Nothing set. */
export function untouched() {
  return { own: false, ranges: '', rangesName: '', ports: '80, 443', interface: '', url: '' };
}

/** In one line, for the closed drawer. `list` = what the server has. */
export function brief(set, list) {
  const asked = set.ports.trim() || t('settings.ports.list');
  const theirs = list?.official ? t('settings.official', { date: list.updated ?? '?' }) : t('settings.announced');
  return t('settings.brief', { list: set.own ? t('settings.own') : theirs, ports: asked });
}

/** As the API takes them; a string is the key of what is wrong. */
export function asked(set) {
  const some = ports(set.ports);
  if (!some) return 'ask.ports';
  if (set.own && !set.ranges.trim()) return 'ask.ranges';
  const url = set.url.trim();
  return {
    ...(set.own && { ranges: set.ranges }), ports: some,
    ...(set.interface.trim() && { interface: set.interface.trim() }),
    ...(url && { url: /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `https://${url}` }),
  };
}
