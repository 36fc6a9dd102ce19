// How near the template is to what Kakao's SDKs take.

import { el } from '../dom.js';
import { number } from '../format.js';
import { t } from '../i18n.js';
import { LIMITS, fullness } from './question.js';

/** `size` = { bytes, characters } of the compact JSON. */
export function sizes(size) {
  return Object.entries(LIMITS).map(([name, limit]) => {
    const measured = size?.[name] ?? 0;
    const full = fullness(measured, limit);
    const bar = el('i', {});
    bar.style.width = `${Math.min(100, (measured / limit) * 100).toFixed(1)}%`;
    return el('p', { class: `measure ${full}`, 'data-measure': name },
      el('span', {}, t(`size.${name}`)), el('span', { class: 'bar', 'aria-hidden': 'true' }, bar),
      el('span', { class: 'figures' }, `${number(measured)} / ${number(limit)}`, full === 'over' ? el('b', {}, ` ${t('size.over')}`) : null));
  });
}
