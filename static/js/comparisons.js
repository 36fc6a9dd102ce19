// What others were answered: Kakao's user agent beside a browser's and Facebook's, and the page that og:url names.

import { el, foreign, panel, table } from './dom.js';
import { bytes } from './format.js';
import { t, word } from './i18n.js';

/** Null where nothing was compared. */
export function comparisons(report) {
  const others = report.comparisons ?? [];
  if (others.length === 0) return null;
  const { page, card, image, outcome, user_agent: agent } = report;
  const same = /kakaotalk-scrap/.test(agent) ? 'kakao' : 'report';
  const own = {
    page: { ...page, of: 'page', who: same, outcome, title: card?.title, image: card?.images?.[0]?.url, status: page?.status ?? report.hops?.at(-1)?.status },
    image: image && { ...image, of: 'image', who: same },
  };
  const rows = [...new Set(others.map(({ of }) => of))].flatMap((of) => [own[of === 'og-url' ? 'page' : of], ...others.filter((one) => one.of === of)]).filter(Boolean);
  return panel('comparisons', t('compare.heading'), null, table(t('compare.heading'), [
    { label: t('compare.of'), class: 'of' },
    { label: t('compare.who'), class: 'who-asked' },
    { label: t('page.status'), class: 'answer' },
    { label: t('compare.got'), class: 'content' },
  ], rows.map((one) => row(one, same)), { class: 'stacks compared' }));
}

function row(one, same) {
  const status = one.outcome === 'ok' ? String(one.status ?? '') : [one.status ? `${one.status} ` : '', el('code', {}, one.outcome)];
  const got = [one.challenge && t('compare.challenge', { vendor: one.challenge }), one.content_type ?? one.format, typeof one.bytes === 'number' && bytes(one.bytes)].filter(Boolean);
  return { cells: [
    word('of', one.of),
    el('b', {}, word('who', one.who === 'same' ? same : one.who)),
    el('span', { class: one.outcome === 'ok' ? null : 'bad' }, status),
    [
      el('p', {}, foreign(got.join(' · '))),
      one.title ? el('p', {}, foreign(one.title)) : null,
      one.of !== 'image' && one.image ? el('p', { class: 'mono quietly' }, foreign(one.image)) : null,
    ],
  ] };
}
