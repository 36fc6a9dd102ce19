// The first visit: what this is, where each part of a card comes from, and something to try.

import { bubble } from './bubble.js';
import { el } from './dom.js';
import { t } from './i18n.js';

const EXAMPLES = [
  ['welcome.example.tagged', 'https://ogp.me/'],
  ['welcome.example.bare', 'https://example.com/'],
];

/** `tryIt(url)` scrapes an example. */
export function welcome(tryIt) {
  return el('section', { class: 'welcome' },
    el('div', {},
      el('h2', {}, t('welcome.heading')),
      el('p', {}, t('welcome.body')),
      el('h3', {}, t('welcome.try')),
      el('ul', {}, EXAMPLES.map(([key, url]) => el('li', {},
        el('a', { class: 'example', href: `/?${new URLSearchParams({ url })}`, onclick: (event) => { event.preventDefault(); tryIt(url); } },
          el('span', {}, t(key)), el('code', {}, new URL(url).host)))))),
    el('figure', { class: 'chat', 'aria-label': t('welcome.sample') },
      bubble({
        title: t('welcome.title'), description: t('welcome.description'), host: 'shop.example.kr',
        images: [{ source: 'og:image', url: '800 × 400' }],
      })));
}
