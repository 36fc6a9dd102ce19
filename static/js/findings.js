// What is wrong or worth knowing, worst first, each with its proof, its remedy and how well it is known.

import { el, foreign, panel } from './dom.js';
import { known, pick, t } from './i18n.js';
import { placeInWords } from './format.js';
import { tagId } from './tags.js';

export function findings(report) {
  const all = report.findings ?? [];
  const places = new Set((report.tags ?? []).map(tagId));
  return panel('findings', t('findings.heading', { count: all.length }), summary(all),
    all.length
      ? el('ol', { class: 'findings' }, all.map((one, index) => finding(one, index, places)))
      : el('div', { class: 'empty' }, el('b', {}, t(report.card ? 'findings.none' : 'findings.unexplained')), report.card ? el('p', {}, t('findings.none.body')) : null),
    all.length ? el('p', { class: 'foot' }, t('findings.legend')) : null);
}

/** How many of each severity. */
function summary(all) {
  return ['error', 'warning', 'info']
    .map((severity) => [severity, all.filter((one) => one.severity === severity).length])
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${t(`severity.${severity}`)} ${count}`)
    .join(' · ');
}

function finding(one, index, places) {
  return el('li', { class: 'finding', id: `finding-${index}`, tabindex: '-1' },
    el('span', { class: `severity ${one.severity}` }, known(`severity.${one.severity}`) ? t(`severity.${one.severity}`) : one.severity),
    el('div', {},
      el('h3', {}, foreign(pick(one.message))),
      el('p', { class: 'advice' }, foreign(pick(one.advice))),
      one.evidence ? el('div', { class: 'proof' }, where(one, places), el('pre', {}, foreign(one.evidence))) : null,
      el('p', { class: 'meta' },
        one.evidence ? null : where(one, places),
        el('code', {}, one.code), one.rule ? el('span', {}, one.rule) : null,
        el('span', { class: 'confidence' }, known(`confidence.${one.confidence}`) ? t(`confidence.${one.confidence}`) : one.confidence))));
}

/** The place in the source; it leads to the tag's row where there is one. */
function where(one, places) {
  if (!one.line) return null;
  const words = placeInWords(one);
  return places.has(tagId(one)) ? el('a', { class: 'place', href: `#${tagId(one)}` }, words) : el('span', { class: 'place' }, words);
}
