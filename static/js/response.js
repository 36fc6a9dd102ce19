// What arrived: the final page's status, type, encoding and size, and what was sent to get it.

import { el, facts, foreign, panel } from './dom.js';
import { bytes } from './format.js';
import { t, word } from './i18n.js';

export function response(report) {
  const { page } = report;
  const last = report.hops?.at(-1)?.url;
  const address = (url) => (url ? foreign(url, { class: 'mono' }) : null);
  return panel('response', t('page.heading'), null,
    page ? null : el('p', { class: 'empty' }, t('page.none')),
    facts([
      [t('page.requested'), address(report.requested_url)],
      [t('page.final'), last === report.requested_url ? null : address(last)],
      [t('page.followed'), address(report.followed_og_url)],
      [t('page.status'), page?.status],
      [t('page.type'), page?.content_type && foreign(page.content_type)],
      [t('page.charset'), page && charset(page)],
      [t('page.size'), page && size(page)],
      [t('page.agent'), address(report.user_agent)],
    ]));
}

function charset(page) {
  return [page.charset, el('span', { class: 'quietly' }, ` ${word('charset', page.charset_source)}`)];
}

function size(page) {
  const more = [
    page.encoding && typeof page.wire_bytes === 'number' ? t('page.wire', { size: bytes(page.wire_bytes), encoding: page.encoding }) : null,
    page.truncated ? t('page.truncated') : null,
  ].filter(Boolean);
  return [bytes(page.bytes ?? 0), more.length ? el('span', { class: 'quietly' }, ` ${more.join(' · ')}`) : null];
}
