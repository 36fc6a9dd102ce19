// Which list of Kakao's ranges was asked about: whose it is, how old, and what it announces.

import { el, facts, foreign, panel } from '../dom.js';
import { visible } from './lines.js';
import { pick, t, word } from '../i18n.js';

/** Days after which a list of Kakao's is said to be old; the server's own alarm is `ips.stale_days`. */
const OLD = 7;

export function listUsed({ list, changes = [], ranges }) {
  const coming = changes.filter(({ additions, exclusions }) => additions.length || exclusions.length);
  const next = coming.map(({ date }) => date).filter(Boolean).sort()[0];
  return panel('list-used', t('list.heading'), null,
    facts([
      [t('list.origin'), [el('b', {}, word('list', list.origin)), list.origin === 'file' ? [' ', foreign(visible(list.name))] : null]],
      [t('list.official'), t(list.official ? 'list.yes' : 'list.no')],
      [t('list.updated'), list.updated ? [foreign(visible(list.updated)), typeof list.age_days === 'number' ? el('span', { class: list.age_days > OLD ? 'old' : 'quietly' }, ` ${t('list.age', { count: list.age_days })}`) : null] : null],
      [t('list.size'), t('list.ranges', { count: new Set(ranges.map(({ cidr }) => cidr)).size })],
      [t('list.changes'), coming.length ? t(next ? 'list.next' : 'list.some', { count: coming.length, date: next }) : t('list.none')],
    ]),
    el('p', { class: 'foot' }, foreign(pick(list.note))));
}
