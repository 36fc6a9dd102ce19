// Where the report came from, how long it stays, and how to have it made anew.

import { el, facts, panel } from './dom.js';
import { ago, moment } from './format.js';
import { known, t } from './i18n.js';

export function cache(report) {
  const { state, fetched_at: fetched, fresh_until: until } = report.cache ?? {};
  return panel('cache', t('cache.heading'), null,
    facts([
      [t('cache.state'), known(`cache.${state}`) ? t(`cache.${state}`) : state],
      [t('cache.fetched'), moment(fetched ?? report.scraped_at)],
      [t('cache.until'), moment(until)],
    ]),
    el('p', { class: 'foot' }, t('cache.note')));
}

/** A word beside the verdict when the site was not asked just now. */
export function keptNote(report) {
  const { state, fetched_at: fetched } = report.cache ?? {};
  return state === 'hit' || state === 'stale' ? el('p', { class: 'kept' }, t(`cache.${state}`), ' ', ago(fetched)) : null;
}

/** The button beside the verdict: drops what the server keeps and scrapes again. */
export function againButton(again) {
  return el('button', { type: 'button', class: 'quiet again', onclick: again }, t('cache.reset'));
}
