// The first visit: what is looked at, what each kind of evidence proves, and something to try.

import { button, el } from '../dom.js';
import { EXAMPLE as DUMP } from '../firewall/example.js';
import { t } from '../i18n.js';
import { EXAMPLE as LOG } from '../logs/example.js';

/** The examples of both other pages, for a shop that does not exist: it is not asked. */
export const EXAMPLES = { url: 'https://shop.example.kr/product/1024', files: [DUMP, LOG] };

/** `tryIt()` judges the example. */
export function welcome(tryIt) {
  return el('section', { class: 'welcome', id: 'welcome' },
    el('div', {},
      el('h2', {}, t('welcome.heading')),
      el('p', {}, t('welcome.body')),
      el('h3', {}, t('welcome.try')),
      el('ul', {}, el('li', {}, button([el('span', {}, t('welcome.example')), el('code', {}, EXAMPLES.files.map(({ name }) => name).join(' + '))], tryIt, { class: 'example', id: 'example' })))),
    el('div', { class: 'panel sources' },
      el('h3', {}, t('welcome.proofs')),
      el('dl', {}, ['url', 'dump', 'log'].map((name) => el('div', {}, el('dt', {}, t(`welcome.${name}`)), el('dd', {}, t(`welcome.${name}.proves`)))))));
}
