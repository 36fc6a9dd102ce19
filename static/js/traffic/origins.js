// Who came: one bar of all requests that carry the scraper's name, by whose addresses they came from.

import { el, foreign, panel } from '../dom.js';
import { number } from '../format.js';
import { pick, t, word } from '../i18n.js';
import { ORIGINS } from './marks.js';

/** Requests per cent; what is there is never "0 %". */
function share(part, whole) {
  const percent = (part / whole) * 100;
  return `${percent > 0 && percent < 0.1 ? '< 0.1' : number(percent, 1)}%`;
}

/** What an origin means; the server begins with its name, which stands beside it here. */
function meaning({ meaning: text }) {
  return pick(text).replace(/^[^:]{1,40}: /, '');
}

export function origins(report) {
  const rows = [...report.origins].sort((one, other) => ORIGINS.indexOf(one.origin) - ORIGINS.indexOf(other.origin));
  const whole = rows.reduce((sum, { requests }) => sum + requests, 0);
  const came = rows.filter(({ requests }) => requests > 0);
  const bar = el('div', { class: 'shares', role: 'img', 'aria-label': came.map(({ origin, requests }) => `${word('origin', origin)} ${number(requests)}`).join(', ') || t('origins.none') },
    came.map(({ origin, requests }) => {
      const piece = el('i', { class: `share ${origin}`, title: `${word('origin', origin)} ${number(requests)}` });
      piece.style.flexGrow = String(requests);
      return piece;
    }));
  return panel('origins', t('origins.heading'), t('origins.total', { count: report.requests }),
    whole ? bar : el('p', { class: 'empty' }, el('b', {}, t('origins.none')), t('origins.none.body')),
    el('dl', { class: 'origins' }, rows.map((row) => el('div', { class: row.requests ? null : 'nothing' },
      el('dt', {}, el('i', { class: `share ${row.origin}`, 'aria-hidden': 'true' }), word('origin', row.origin)),
      el('dd', { class: 'count' }, el('b', {}, number(row.requests)), row.requests ? el('span', { class: 'quietly' }, ` ${share(row.requests, whole)} · ${t('count.sources', { count: row.addresses })}`) : null),
      el('dd', { class: 'meaning' }, foreign(meaning(row)))))));
}
