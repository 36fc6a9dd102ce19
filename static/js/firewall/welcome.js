// The first visit: what this is, where dumps come from, and something to try.

import { button, el } from '../dom.js';
import { t } from '../i18n.js';
import { EXAMPLE } from './example.js';

/** Where the usual dumps come from; the dialects' own list says the rest. */
const SOURCES = [
  ['welcome.host', 'iptables-save · nft list ruleset · ufw status verbose'],
  ['welcome.cloud', 'aws ec2 describe-security-groups'],
  ['welcome.web', 'nginx -T · .htaccess · haproxy.cfg'],
];

/** `tryIt()` checks the example. */
export function welcome(formats, tryIt) {
  return el('section', { class: 'welcome', id: 'welcome' },
    el('div', {},
      el('h2', {}, t('welcome.heading')),
      el('p', {}, t('welcome.body')),
      el('h3', {}, t('welcome.try')),
      el('ul', {}, el('li', {}, button([el('span', {}, t('welcome.example')), el('code', {}, EXAMPLE.name)], tryIt, { class: 'example', id: 'example' })))),
    el('div', { class: 'panel sources' },
      el('h3', {}, t('welcome.sources')),
      el('dl', {}, SOURCES.map(([key, commands]) => el('div', {}, el('dt', {}, t(key)), el('dd', {}, el('code', {}, commands))))),
      formats.length ? el('details', {}, el('summary', {}, t('welcome.formats', { count: formats.length })),
        el('ul', { class: 'limits' }, formats.map(({ title, from }) => el('li', {}, el('b', {}, title), ' ', el('code', {}, from))))) : null));
}
