// The first visit: what this is, where each part of a card comes from, something to try, and what was asked for before.

import { button, el, foreign } from './dom.js';
import { t } from './i18n.js';
import { waiting } from './preview.js';
import { recent, remember } from './store.js';

const EXAMPLES = [
  ['welcome.example.tagged', 'https://ogp.me/'],
  ['welcome.example.bare', 'https://example.com/'],
];

/** `tryIt(url)` scrapes an address. */
export function welcome(tryIt) {
  return el('section', { class: 'welcome' },
    el('div', {},
      el('h2', {}, t('welcome.heading')),
      el('p', {}, t('welcome.body')),
      list(t('welcome.try'), EXAMPLES.map(([key, url]) => link(url, tryIt, el('span', {}, t(key)), el('code', {}, new URL(url).host)))),
      recentList(tryIt)),
    el('figure', { 'aria-label': t('welcome.sample') },
      waiting({ title: t('welcome.title'), description: t('welcome.description'), host: 'shop.example.kr' }, {})));
}

function recentList(tryIt) {
  const urls = recent();
  if (urls.length === 0) return null;
  const section = el('div', { class: 'recent' }, list(t('recent.heading'), urls.map((url) => link(url, tryIt, foreign(url, { class: 'mono' })))),
    button(t('recent.clear'), () => { remember('recent', null); section.remove(); document.querySelector('#url').focus(); }));
  return section;
}

function list(heading, links) {
  return [el('h3', {}, heading), el('ul', {}, links.map((one) => el('li', {}, one)))];
}

function link(url, tryIt, ...children) {
  return el('a', { class: 'example', href: `/?${new URLSearchParams({ url })}`, onclick: (event) => { event.preventDefault(); tryIt(url); } }, children);
}
