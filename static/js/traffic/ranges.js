// One row for every range that Kakao asked from, with its requests over time. Ranges never seen are folded: that proves little.

import { el, foreign, panel, table } from '../dom.js';
import { number } from '../format.js';
import { pick, t } from '../i18n.js';
import { chart, peak, together } from './chart.js';
import { moment, period, zone } from './time.js';
import { ORIGINS, origin, statuses, written } from './marks.js';

export function ranges(report, kept) {
  const order = ({ origin: name, requests }) => [ORIGINS.indexOf(name), -requests];
  const sorted = [...report.ranges].sort((one, other) => order(one)[0] - order(other)[0] || order(one)[1] - order(other)[1]);
  const seen = sorted.filter(({ requests }) => requests > 0);
  const unseen = sorted.filter(({ requests }) => !requests);
  const { timeline } = report;
  const most = Math.max(1, ...seen.map((one) => peak(one.timeline)?.count ?? 0));
  return panel('traffic', t('traffic.heading'), seen.length ? el('span', {}, zone()) : null,
    seen.length && timeline ? overall(seen, timeline) : null,
    seen.length ? table(t('traffic.heading'), [
      { label: t('traffic.range'), class: 'range' }, { label: t('traffic.time'), class: 'time' }, { label: t('traffic.requests'), class: 'amount' },
      { label: t('traffic.kinds'), class: 'kinds' }, { label: t('traffic.statuses'), class: 'status' }, { label: t('traffic.period'), class: 'span' },
    ], seen.map((one) => ({
      attributes: { 'data-range': one.cidr },
      cells: [
        [el('span', { class: 'mono' }, one.cidr), ' ', origin(one.origin), el('span', { class: 'quietly holder' }, foreign([one.holder, one.service].filter(Boolean).join(' · ')))],
        timeline && one.timeline.length ? chart(one.timeline, timeline, t('chart.label', { range: one.cidr }), { most }) : null,
        [el('b', {}, number(one.requests)), el('span', { class: 'quietly' }, ` ${t('count.sources', { count: one.addresses })}`)],
        [t('traffic.pages', { count: one.pages }), ' ', el('br'), t('traffic.images', { count: one.images })],
        [statuses(one.statuses), one.slow ? el('span', { class: 'quietly' }, t('traffic.slow', { count: one.slow })) : null],
        period(one.span),
      ],
    })), { class: 'stacks traffic' }) : el('p', { class: 'empty' }, el('b', {}, t('traffic.none')), t('traffic.none.body')),
    unseen.length ? el('details', { open: kept.unseen, ontoggle: (event) => { kept.unseen = event.target.open; } }, el('summary', {}, t('traffic.unseen', { count: unseen.length })),
      el('p', { class: 'quietly' }, t('traffic.unseen.why')),
      el('ul', { class: 'cidrs' }, unseen.map(({ cidr, holder }) => el('li', { title: holder }, written(cidr))))) : null,
    el('p', { class: 'foot' }, report.list.origin === 'announced' ? null : [el('b', {}, foreign(report.list.name)), ' '], foreign(pick(report.list.note)), report.list.age_days > 7 ? ` ${t('traffic.age', { count: report.list.age_days })}` : null));
}

/** All of them in one larger chart, with the ends of its axis in words. */
function overall(seen, timeline) {
  const sums = together(seen, timeline.steps);
  const at = (step) => new Date(Date.parse(timeline.from) + step * timeline.step_seconds * 1000).toISOString();
  return el('figure', { class: 'overall' },
    el('span', { class: 'scale', 'aria-hidden': 'true' }, el('span', {}, number(peak(sums)?.count ?? 0)), el('span', {}, '0')),
    chart(sums, timeline, t('chart.all'), { width: 960, height: 88 }),
    el('figcaption', {}, [0, 0.5, 1].map((part) => el('span', {}, moment(at(Math.round(part * timeline.steps)))))));
}
