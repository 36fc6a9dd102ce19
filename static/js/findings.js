// What is wrong or worth knowing, by severity, each with its proof, its remedy and how well it is known.

import { el, foreign, panel } from './dom.js';
import { placeLink } from './format.js';
import { pick, t, word } from './i18n.js';

const SEVERITIES = ['error', 'warning', 'info'];

/** `jump(place)` shows a place of the source. */
export function findings(report, jump) {
  const all = (report.findings ?? []).map((one, index) => ({ ...one, index }));
  const groups = [...new Set([...SEVERITIES, ...all.map(({ severity }) => severity)])]
    .map((severity) => [severity, all.filter((one) => one.severity === severity)]).filter(([, some]) => some.length > 0);
  return panel('findings', t('findings.heading', { count: all.length }), null,
    groups.map(([severity, some]) => [
      el('h3', { class: 'group' }, el('span', { class: `severity ${severity}` }, `${word('severity', severity)} ${some.length}`)),
      el('ol', {}, some.map((one) => finding(one, jump))),
    ]),
    all.length ? el('p', { class: 'foot' }, t('findings.legend'))
      : el('div', { class: 'empty' }, el('b', {}, t(report.card ? 'findings.none' : 'findings.unexplained')), report.card ? el('p', {}, t('findings.none.body')) : null));
}

/** One finding as an item of a list. */
export function finding(one, jump) {
  return el('li', { class: 'finding', id: `finding-${one.index}`, tabindex: '-1' },
    el('h4', {}, foreign(pick(one.message))),
    el('p', { class: 'advice' }, foreign(pick(one.advice))),
    one.evidence ? el('pre', { class: 'proof' }, foreign(one.evidence)) : null,
    el('p', { class: 'meta' },
      placeLink(one, jump), el('code', {}, one.code), one.rule ? el('span', {}, one.rule) : null,
      el('span', { class: 'confidence' }, word('confidence', one.confidence))));
}
