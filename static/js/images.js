// The images the card may use, first = the one shown, and where each was found.

import { el, foreign, panel, siteLink } from './dom.js';
import { placeInWords } from './format.js';
import { t } from './i18n.js';

export function images(report) {
  const all = report.card.images ?? [];
  if (all.length === 0) return panel('images', t('images.heading'), null, el('div', { class: 'empty' }, el('b', {}, t('images.none')), el('p', {}, t('images.none.body'))));
  return panel('images', t('images.heading'), null,
    el('ol', { class: 'images' }, all.map((image, index) => el('li', {},
      el('span', { class: index === 0 ? 'mark used' : 'mark' }, index === 0 ? t('images.used') : t('images.spare', { position: index + 1 })),
      el('div', {},
        el('p', {}, el('code', {}, foreign(image.source)), image.line ? el('span', { class: 'place' }, ' ', placeInWords(image)) : null),
        el('p', { class: 'mono' }, foreign(image.url))),
      siteLink(image.url, t('images.open'), { class: 'quiet', 'aria-label': t('images.open.label', { position: index + 1 }) })))),
    el('p', { class: 'foot' }, t('images.foot')));
}
