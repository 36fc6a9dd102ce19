// What the page answered from here: names, addresses and their TLS, and what each asker got.

import { el, foreign, panel, table } from '../dom.js';
import { visible } from '../firewall/lines.js';
import { bytes, ms, number } from '../format.js';
import { pick, t, word } from '../i18n.js';
import { findings } from '../traffic/findings.js';
import { status, written } from '../traffic/marks.js';
import { when } from '../traffic/time.js';

/** `ok` or a code, as a mark. */
function outcome(code) {
  return code === 'ok' ? el('span', { class: 'mark used' }, t('probe.ok')) : el('span', { class: 'mark error' }, foreign(visible(code, 60)));
}

export function probe(report) {
  return [stages(report), askers(report), findings(report.findings, 'probe-findings'), bounds(report)].filter(Boolean);
}

function stages({ dns, connections, probed_at: at }) {
  return panel('stages', t('probe.stages'), when(at),
    dns ? el('div', { class: 'stage' }, el('h3', {}, t('probe.dns'), ' ', outcome(dns.outcome), el('span', { class: 'quietly' }, ms(dns.ms))),
      dns.evidence ? el('p', {}, written(dns.evidence)) : null,
      dns.source === 'dns' ? el('p', { class: 'quietly' }, dns.kinds.filter((one) => one.outcome !== 'ok').map((one) => `${one.kind}: ${visible(one.outcome, 60)}`).join(' · ')) : el('p', { class: 'quietly' }, word('probe', dns.source)),
      el('ul', { class: 'records' }, dns.records.map(({ name, kind, value, ttl }) => el('li', {}, written(name), ' ', el('b', {}, kind), ' ', written(value), el('span', { class: 'quietly' }, ` ${t('probe.ttl', { seconds: ttl })}`))))) : null,
    connections.length ? table(t('probe.connections'), [
      { label: t('probe.address'), class: 'address' }, { label: t('probe.connect'), class: 'connect' }, { label: 'TLS', class: 'tls' }, { label: t('probe.chain'), class: 'meaning' },
    ], connections.map(({ address, outcome: code, evidence, connect_ms: took, tls }) => ({
      cells: [
        written(address),
        [outcome(code), took === null ? null : el('span', { class: 'quietly' }, ` ${ms(took)}`), evidence ? el('p', { class: 'quietly' }, written(evidence)) : null],
        tls ? [outcome(tls.outcome), el('span', { class: 'quietly' }, ` ${tls.versions.length ? tls.versions.map((one) => visible(one, 20)).join(', ') : visible(tls.version ?? '', 20)}`)] : t('probe.none'),
        tls ? chain(tls) : t('probe.none'),
      ],
    })), { class: 'stacks connections' }) : null);
}

function chain({ chain: certificates, missing, days_left: days }) {
  return [
    el('ol', { class: 'chain' }, certificates.map(({ subject, issuer }) => el('li', { title: `${visible(subject)} ← ${visible(issuer)}` }, written(subject, 80)))),
    missing ? el('p', { class: 'bad' }, t('probe.missing', { issuer: visible(missing, 100) })) : null,
    days === null || days === undefined ? null : el('p', { class: days < 15 ? 'bad' : 'quietly' }, t(days < 0 ? 'probe.expired' : 'probe.days', { count: Math.abs(days) })),
  ];
}

function askers({ visits }) {
  if (!visits.length) return null;
  return panel('askers', t('probe.askers'), null, table(t('probe.askers'), [
    { label: t('probe.who'), class: 'who' }, { label: t('column.status'), class: 'status' }, { label: t('probe.size'), class: 'amount' }, { label: t('probe.answer'), class: 'meaning' },
    { label: t('probe.took'), class: 'took' }, { label: t('probe.differs'), class: 'differs' },
  ], visits.map((one) => ({
    attributes: { 'data-who': one.who, 'data-of': one.of },
    cells: [
      [el('b', {}, word('who', one.who)), el('span', { class: 'quietly' }, ` ${word('of', one.of)}`)],
      one.outcome === 'ok' ? status(one.status) : [outcome(one.outcome), one.status ? ` ${one.status}` : null],
      one.bytes === null ? null : bytes(one.bytes),
      [
        one.title ? el('p', {}, foreign(visible(one.title, 200))) : null,
        one.effective_url === one.url ? null : el('p', {}, '→ ', written(one.effective_url, 200)),
        one.challenge ? el('p', { class: 'bad' }, t('probe.challenge', { name: visible(one.challenge, 60) })) : null,
        one.notice ? el('p', { class: 'bad' }, foreign(visible(one.notice, 200))) : null,
        one.evidence ? el('p', { class: 'quietly' }, written(one.evidence)) : null,
      ],
      one.spread ? [el('b', {}, ms(one.spread.median)), el('span', { class: 'quietly' }, ` ${number(one.spread.min)}–${number(one.spread.max)} · ${t('probe.runs', { count: one.runs.length })}`)] : null,
      one.differs.map((name) => el('span', { class: 'mark warning' }, word('differs', name))),
    ],
  })), { class: 'stacks askers' }));
}

function bounds({ limits }) {
  return limits.length ? panel('probe-limits', t('probe.limits'), null, el('ul', { class: 'limits not-proved' }, limits.map((one) => el('li', {}, foreign(pick(one)))))) : null;
}
