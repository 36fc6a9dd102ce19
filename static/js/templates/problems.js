// Everything that is wrong with the template, worst first, each with its place, its remedy, how well the rule is known and where from.

import { button, el, foreign } from '../dom.js';
import { number } from '../format.js';
import { pick, t, word } from '../i18n.js';

const SEVERITIES = ['error', 'warning', 'info'];
/** A longer list goes on when asked for. */
const MOST = 30;

/** How many of each severity: "오류 2 · 주의 1"; `null` if there is nothing. */
export function tally(problems) {
  const counts = SEVERITIES.map((severity) => [severity, problems.filter((one) => one.severity === severity).length]).filter(([, count]) => count > 0);
  return counts.length ? counts.map(([severity, count]) => `${t(`severity.${severity}`)} ${number(count)}`).join(' · ') : null;
}

/**
 * Fills `root` with what a check found, or `null` if nothing was checked; `jump(place)` shows a place of the text, `measure()`
 * looks at the pictures themselves. The focus stays where it was.
 */
export function problems(root, found, { jump, measure }) {
  const asked = found !== null;
  const all = found ?? [];
  const focused = root.contains(document.activeElement) ? document.activeElement.closest('[data-problem]')?.dataset.problem : undefined;
  const sorted = SEVERITIES.flatMap((severity) => all.filter((one) => one.severity === severity));
  const shown = sorted.slice(0, MOST);
  const groups = (some) => SEVERITIES.map((severity) => [severity, some.filter((one) => one.severity === severity)]).filter(([, group]) => group.length);
  const list = (some, counted) => groups(some).map(([severity, group]) => [
    el('h3', { class: 'group' }, el('span', { class: `severity ${severity}` }, `${t(`severity.${severity}`)} ${number(counted.filter((one) => one.severity === severity).length)}`)),
    el('ol', {}, group.map((one) => problem(one, all.indexOf(one), jump))),
  ]);
  const more = sorted.length > MOST ? el('p', { class: 'more' }, button(t('problems.more', { count: sorted.length - MOST }), () => {
    body.replaceChildren(...list(sorted, sorted).flat());
    body.querySelectorAll('[data-problem]')[MOST]?.focus();
  })) : null;
  const body = el('div', {}, list(shown, sorted), more);
  root.replaceChildren(
    el('header', {}, el('h2', { id: 'problems-h' }, t('problems.heading')), el('span', { class: 'aside' }, asked ? (tally(all) ?? t('problems.none')) : null, asked && measure ? button(t('problems.images'), (event) => { event.currentTarget.disabled = true; measure(); }, { class: 'quiet measure-images' }) : null)),
    all.length ? body : el('div', { class: 'empty' }, asked ? [el('b', {}, t('problems.none')), el('p', {}, t('problems.none.body'))] : t('problems.idle')),
    ...(all.length ? [el('p', { class: 'foot' }, t('findings.legend'))] : []));
  if (focused !== undefined) (root.querySelector(`[data-problem="${focused}"] .there`) ?? root.querySelector(`[data-problem="${focused}"]`) ?? root.querySelector('[data-problem]'))?.focus();
}

function problem(one, index, jump) {
  const { line, column, measured, limit, path, code, confidence, source } = one;
  const place = line ? (column ? t('place.long', { line, column }) : t('place.line', { line })) : null;
  return el('li', { class: 'finding', 'data-problem': index, tabindex: '-1' },
    el('h4', {}, foreign(pick(one.message))),
    el('p', { class: 'advice' }, foreign(pick(one.advice))),
    el('p', { class: 'meta' },
      line ? el('button', { type: 'button', class: 'there', onclick: () => jump({ line, column }) }, place) : null,
      path ? el('code', { class: 'path' }, foreign(path, { dir: 'ltr' })) : null,
      typeof measured === 'number' && typeof limit === 'number' ? el('span', {}, t(measured < limit ? 'problems.least' : 'problems.limit', { measured, limit })) : null,
      el('code', {}, foreign(code)),
      el('span', { class: 'confidence' }, word('confidence', confidence)),
      source ? el('span', { class: 'from' }, foreign(source)) : null));
}
