// What to know of the logs and what to do, by severity.

import { el, panel } from '../dom.js';
import { finding } from '../findings.js';
import { t, word } from '../i18n.js';

const SEVERITIES = ['error', 'warning', 'info'];

/** The finding that matters most; `null` if nothing is wrong. */
export function foremost(report) {
  return ['error', 'warning'].map((severity) => report.findings.find((one) => one.severity === severity)).find(Boolean) ?? null;
}

/** `id` keeps two of them on one page apart. */
export function findings(all, id) {
  if (!all.length) return null;
  return panel(id, t('findings.heading', { count: all.length }), null,
    SEVERITIES.map((severity) => [severity, all.map((one, index) => ({ ...one, index: `${id}-${index}` })).filter((one) => one.severity === severity)]).filter(([, some]) => some.length).map(([severity, some]) => [
      el('h3', { class: 'group' }, el('span', { class: `severity ${severity}` }, `${word('severity', severity)} ${some.length}`)),
      el('ol', {}, some.map((one) => finding(one, null)))]),
    el('p', { class: 'foot' }, t('findings.legend')));
}
