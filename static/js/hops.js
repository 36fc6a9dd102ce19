// The way to the page: every request on one time axis, stage by stage, with who answered.

import { el, foreign, panel } from './dom.js';
import { day, ms } from './format.js';
import { t } from './i18n.js';

const STAGES = ['dns', 'connect', 'tls', 'wait', 'body'];
const DAY = 86_400_000;

export function hops(report) {
  const all = report.hops ?? [];
  if (all.length === 0) return panel('hops', t('hops.heading'), null, el('p', { class: 'empty' }, t('hops.none')));
  const lengths = all.map((hop) => total(hop.timing_ms));
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  let passed = 0;
  const rows = all.map((hop, index) => {
    const row = hopRow(hop, { start: passed, length: lengths[index], whole, at: report.scraped_at });
    passed += lengths[index];
    return row;
  });
  return panel('hops', t('hops.heading'), whole > 0 ? t('hops.total', { count: all.length, ms: ms(whole) }) : null,
    el('ol', { class: 'hops' }, rows),
    whole > 0 ? el('p', { class: 'legend', role: 'group', 'aria-label': t('hops.legend') }, STAGES.map((stage) => el('span', { class: stage }, t(`stage.${stage}`)))) : null);
}

function total(timing) {
  return STAGES.reduce((sum, stage) => sum + (timing?.[stage] ?? 0), 0);
}

function hopRow(hop, { start, length, whole, at }) {
  const answered = typeof hop.status === 'number';
  const taken = STAGES.filter((stage) => typeof hop.timing_ms?.[stage] === 'number');
  return el('li', { class: 'hop' },
    el('b', { class: answered && hop.status < 400 ? 'status' : 'status bad' }, answered ? String(hop.status) : t('hops.no-answer')),
    el('div', { class: 'way' },
      el('p', { class: 'address' }, foreign(hop.url)),
      taken.length && whole > 0 ? bar(hop.timing_ms, taken, start, whole) : null,
      el('p', { class: 'times' }, taken.length
        ? taken.map((stage) => el('span', {}, `${t(`stage.${stage}`)} ${ms(hop.timing_ms[stage])}`))
        : t('hops.no-timing')),
      el('p', { class: 'who' },
        el('span', {}, hop.address ?? t('hops.no-address')),
        hop.server ? el('span', {}, `${t('hops.server')} `, foreign(hop.server)) : null),
      hop.location ? el('p', { class: 'who' }, el('span', {}, `${t('hops.location')} `, foreign(hop.location, { class: 'mono' }))) : null,
      hop.tls ? certificate(hop.tls, at) : null),
    el('span', { class: 'took' }, taken.length ? ms(length) : ''));
}

/** One bar: it begins where the hop before it ended. The numbers stand in words below it. */
function bar(timing, taken, start, whole) {
  const track = el('div', { class: 'track', 'aria-hidden': 'true' });
  let left = start;
  for (const stage of taken) {
    const piece = el('i', { class: stage });
    piece.style.setProperty('left', `${(left / whole) * 100}%`);
    piece.style.setProperty('width', `${(timing[stage] / whole) * 100}%`);
    track.append(piece);
    left += timing[stage];
  }
  return track;
}

function certificate(tls, at) {
  const row = (name, value) => el('div', {}, el('dt', {}, name), el('dd', {}, value));
  return el('details', {},
    el('summary', {}, t('certificate.heading'), ' ', validity(tls, at)),
    el('dl', { class: 'facts' },
      row(t('certificate.names'), foreign(tls.names?.join(', ') || '-')),
      row(t('certificate.subject'), foreign(tls.subject || '-')),
      row(t('certificate.issuer'), foreign(tls.issuer || '-')),
      row(t('certificate.valid'), [day(tls.not_before), ' – ', day(tls.not_after)]),
      row(t('certificate.chain'), String(tls.chain_length ?? '-'))));
}

/** How long the certificate is still good, measured when the site answered. */
function validity(tls, at) {
  const [now, from, until] = [at, tls.not_before, tls.not_after].map((iso) => Date.parse(iso ?? ''));
  if (now < from) return el('span', { class: 'bad' }, t('certificate.early'));
  if (now > until) return el('span', { class: 'bad' }, t('certificate.expired'));
  return Number.isFinite(until) ? el('span', { class: 'quietly' }, t('certificate.days', { days: Math.floor((until - now) / DAY) })) : null;
}
