// What each kind of evidence says, with its proof; what was not given too, with how to give it. What to do, and what was not proved.

import { copyButton } from '../copy.js';
import { el, foreign, panel } from '../dom.js';
import { visible } from '../firewall/lines.js';
import { pick, t, word } from '../i18n.js';

const MARKS = { passes: 'used', partly: 'warning', stops: 'error' };

export function evidence(report) {
  return panel('evidence', t('evidence.heading'), null, el('ol', { class: 'evidence' }, report.evidence.map((one) => el('li', { 'data-kind': one.kind, 'data-says': one.says },
    el('b', { class: 'kind' }, word('evidence', one.kind)),
    el('span', { class: `mark ${MARKS[one.says] ?? ''}` }, word('says', one.says)),
    el('div', {},
      el('p', {}, foreign(pick(one.message))),
      one.proof ? el('pre', { class: 'proof' }, foreign(visible(one.proof), { dir: 'ltr' })) : null,
      one.command ? el('div', { class: 'get' }, el('code', {}, foreign(visible(one.command), { dir: 'ltr' })), copyButton(() => one.command, t('evidence.command'))) : null),
    one.says === 'missing' ? el('span', {}) : el('span', { class: 'confidence' }, word('confidence', one.confidence))))),
  el('p', { class: 'foot' }, t('findings.legend')));
}

/** What to do, in order. */
export function advice(report) {
  if (!report.advice.length) return null;
  const plain = () => report.advice.map((one, index) => `${index + 1}. ${pick(one)}\n`).join('');
  return panel('advice', t('advice.heading'), copyButton(plain, t('advice.heading')), el('ol', { class: 'steps-to-do' }, report.advice.map((one) => el('li', {}, worded(pick(one))))));
}

/** Evidence against evidence: told, not hidden. */
export function conflicts(report) {
  if (!report.conflicts?.length) return null;
  return panel('conflicts', t('conflicts.heading'), null, el('ul', { class: 'limits not-proved' }, report.conflicts.map((one) => el('li', {}, worded(pick(one))))));
}

export function limits(report) {
  if (!report.limits.length) return null;
  return panel('limits', t('limits.heading'), null, el('ul', { class: 'limits not-proved' }, report.limits.map((one) => el('li', {}, worded(pick(one))))));
}

/** A sentence in which `code` stands between backticks. */
function worded(sentence) {
  return foreign(visible(sentence, 4_000).split('`').map((part, index) => (index % 2 ? el('code', {}, part) : part)));
}
