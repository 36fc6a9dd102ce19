// The first visit: what this is, where logs lie, and something to try.

import { button, el, foreign } from '../dom.js';
import { pick, t } from '../i18n.js';
import { EXAMPLE } from './example.js';

/** Where the usual logs lie; the formats' own list says the rest. */
const PLACES = [
  ['welcome.nginx', '/var/log/nginx/access.log'],
  ['welcome.apache', '/var/log/apache2/access.log · /var/log/httpd/access_log'],
  ['welcome.iis', String.raw`C:\inetpub\logs\LogFiles`],
  ['welcome.cloud', 'ALB · CloudFront · Cloudflare Logpush'],
];

/** `tryIt()` reads the example. */
export function welcome(formats, tryIt) {
  return el('section', { class: 'welcome', id: 'welcome' },
    el('div', {},
      el('h2', {}, t('welcome.heading')),
      el('p', {}, t('welcome.body')),
      el('h3', {}, t('welcome.try')),
      el('ul', {}, el('li', {}, button([el('span', {}, t('welcome.example')), el('code', {}, EXAMPLE.name)], tryIt, { class: 'example', id: 'example' })))),
    el('div', { class: 'panel sources' },
      el('h3', {}, t('welcome.sources')),
      el('dl', {}, PLACES.map(([key, places]) => el('div', {}, el('dt', {}, t(key)), el('dd', {}, el('code', {}, places))))),
      formats.length ? el('details', {}, el('summary', {}, t('welcome.formats', { count: formats.length })),
        el('ul', { class: 'limits' }, formats.map(({ title, from }) => el('li', {}, el('b', {}, title), from ? [' ', el('code', {}, foreign(pick(from)))] : null)))) : null));
}
