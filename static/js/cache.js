// Where the report came from, what stays until when, here and at Kakao, and how to have it made anew.

import { button, el, facts, foreign, panel, siteLink } from './dom.js';
import { ago, moment } from './format.js';
import { pick, t, word } from './i18n.js';

const DEBUGGER = 'https://developers.kakao.com/tool/debugger/sharing';

/** `dropped` is the answer to the last reset, or null. */
export function cache(report, dropped) {
  const { state, fetched_at: fetched, fresh_until: until } = report.cache ?? {};
  const { image } = report;
  return panel('cache', t('cache.heading'), null,
    facts([
      [t('cache.state'), word('cache', state)],
      [t('cache.page'), [moment(fetched ?? report.scraped_at), until ? [el('br'), t('cache.until'), ' ', moment(until)] : null]],
      [t('cache.image'), image && [moment(image.fetched_at), image.fresh_until ? [el('br'), t('cache.until'), ' ', moment(image.fresh_until)] : null]],
    ]),
    dropped ? el('div', { class: 'dropped' },
      el('p', {}, el('b', {}, t('cache.dropped', { count: dropped.dropped ?? 0 })), ' ', foreign(dropped.url, { class: 'mono' })),
      (dropped.findings ?? []).map((one) => el('p', { class: 'quietly' }, pick(one.message)))) : null,
    el('p', { class: 'foot' }, t('cache.note'), ' ', siteLink(DEBUGGER, t('cache.debugger'))));
}

/** A word beside the verdict when the site was not asked just now, or when something was dropped before it was. */
export function keptNote(report, dropped) {
  const { state, fetched_at: fetched } = report.cache ?? {};
  if (state === 'hit' || state === 'stale') return el('p', { class: 'kept' }, t(`cache.${state}`), ' ', ago(fetched));
  return dropped ? el('p', { class: 'kept' }, t('cache.anew')) : null;
}

/** The button beside the verdict: drops what the server keeps of the page and scrapes again. */
export function againButton(again) {
  return button(t('cache.reset'), again, { class: 'quiet again', title: t('cache.reset.title') });
}
