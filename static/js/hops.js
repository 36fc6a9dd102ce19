// The way to the page and to its image: every request on one time axis, stage by stage, with who answered.

import { el, facts, foreign, panel } from './dom.js';
import { day, ms } from './format.js';
import { known, t, word } from './i18n.js';

const STAGES = ['dns', 'connect', 'tls', 'wait', 'body'];
const DAY = 86_400_000;

/** The ways of a finished report: to the page, and to each of its images. */
export function waysOf(report) {
  return [{ of: 'page', who: 'same', hops: report.hops ?? [] }, ...(report.images ?? []).map(({ hops }, index, all) => ({ of: 'image', who: 'same', number: all.length > 1 ? index + 1 : '', hops: hops ?? [] }))];
}

/** `ways` = [{ of, who, number, hops, pending }], `pending` = the address that is being asked; `newest` = the hop that slides in. */
export function hops(ways, { at = new Date().toISOString(), newest = null } = {}) {
  const shown = ways.filter((way) => way.hops.length || way.pending);
  const timed = shown.some((way) => sum(way.hops) > 0);
  return panel('hops', t('hops.heading'), null,
    shown.length ? shown.map((way) => wayList(way, at, newest)) : el('p', { class: 'empty' }, t('hops.none')),
    timed ? el('p', { class: 'legend', role: 'group', 'aria-label': t('hops.legend') }, STAGES.map((stage) => el('span', { class: stage }, t(`stage.${stage}`)))) : null);
}

function total(timing) {
  return STAGES.reduce((all, stage) => all + (timing?.[stage] ?? 0), 0);
}

function sum(all) {
  return all.reduce((whole, hop) => whole + total(hop.timing_ms), 0);
}

function wayList({ of, who, number = '', hops: all, pending }, at, newest) {
  const whole = sum(all);
  const count = all.length && whole > 0 ? t('hops.total', { count: all.length, ms: ms(whole) }) : '';
  let passed = 0;
  const rows = all.map((hop) => {
    const row = hopRow(hop, { start: passed, whole, at, arriving: hop === newest });
    passed += total(hop.timing_ms);
    return row;
  });
  return [
    el('h3', { class: 'way-name' }, el('span', {}, `${word('of', of)} ${number}`, known(`who.${who}`) ? ` · ${t(`who.${who}`)}` : ''), el('span', { class: 'quietly' }, count)),
    el('ol', { class: 'hops' }, rows, pending ? el('li', { class: 'hop pending' }, el('b', { class: 'status', 'aria-hidden': 'true' }, '···'),
      el('div', { class: 'way' }, el('p', { class: 'address' }, foreign(pending)), el('p', { class: 'who' }, t('hops.pending')))) : null),
  ];
}

function hopRow(hop, { start, whole, at, arriving }) {
  const answered = typeof hop.status === 'number';
  const taken = STAGES.filter((stage) => typeof hop.timing_ms?.[stage] === 'number');
  return el('li', { class: arriving ? 'hop arriving' : 'hop' },
    el('b', { class: answered && hop.status < 400 ? 'status' : 'status bad' }, answered ? String(hop.status) : t('hops.no-answer')),
    el('div', { class: 'way' },
      el('p', { class: 'address' }, foreign(hop.url)),
      taken.length && whole > 0 ? bar(hop.timing_ms, taken, start, whole) : null,
      el('p', { class: 'who' }, taken.length ? taken.map((stage) => el('span', {}, `${t(`stage.${stage}`)} ${ms(hop.timing_ms[stage])}`)) : t('hops.no-timing')),
      el('p', { class: 'who' },
        el('span', {}, hop.address ?? t('hops.no-address')),
        hop.server ? el('span', {}, `${t('hops.server')} `, foreign(hop.server)) : null),
      hop.location ? el('p', { class: 'who' }, el('span', {}, `${t('hops.location')} `, foreign(hop.location, { class: 'mono' }))) : null,
      hop.tls ? certificate(hop.tls, at) : null),
    el('span', { class: 'took' }, taken.length ? ms(total(hop.timing_ms)) : ''));
}

/** One bar: it begins where the hop before it ended. The numbers stand in words below it. */
function bar(timing, taken, start, whole) {
  const track = el('div', { class: 'track', 'aria-hidden': 'true' });
  let left = start;
  for (const stage of taken) {
    const piece = el('i', { class: stage });
    piece.style.left = `${(left / whole) * 100}%`;
    piece.style.width = `${(timing[stage] / whole) * 100}%`;
    track.append(piece);
    left += timing[stage];
  }
  return track;
}

function certificate(tls, at) {
  return el('details', {},
    el('summary', {}, t('certificate.heading'), ' ', validity(tls, at)),
    facts([
      [t('certificate.names'), foreign(tls.names?.join(', ') || '-')],
      [t('certificate.subject'), foreign(tls.subject || '-')],
      [t('certificate.issuer'), foreign(tls.issuer || '-')],
      [t('certificate.valid'), [day(tls.not_before), ' – ', day(tls.not_after)]],
      [t('certificate.chain'), String(tls.chain_length ?? '-')],
    ]));
}

/** How long the certificate is still good, measured when the site answered. */
function validity(tls, at) {
  const [now, from, until] = [at, tls.not_before, tls.not_after].map((iso) => Date.parse(iso ?? ''));
  if (now < from) return el('span', { class: 'bad' }, t('certificate.early'));
  if (now > until) return el('span', { class: 'bad' }, t('certificate.expired'));
  return Number.isFinite(until) ? el('span', { class: 'quietly' }, t('certificate.days', { days: Math.floor((until - now) / DAY) })) : null;
}
