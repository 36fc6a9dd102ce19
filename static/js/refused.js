// The line that answers first where the server does not take a question: what is wrong, where, and what to do, in words of the page.

import { el, foreign } from './dom.js';
import { visible } from './firewall/lines.js';
import { known, pick, t } from './i18n.js';
import { say } from './verdict.js';

/** A problem of the API. Its own words are shown as proof where the page has better ones. */
export function sayRefused(into, problem) {
  const where = [problem.file && visible(problem.file), problem.line ? t('place.line', { line: problem.line }) : null].filter(Boolean).join(' ');
  const detail = pick(problem.detail) || pick(problem.title);
  const ours = known(`wrong.${problem.code}`) ? t(`wrong.${problem.code}`) : null;
  say(into, {
    tone: 'bad', headline: t('refused.question'), reason: ours ?? detail, advice: ours ? null : pick(problem.advice),
    now: [where, ours && detail].some(Boolean) ? el('p', { class: 'decisive' }, where ? el('b', {}, foreign(where)) : null, ours && detail ? el('code', {}, foreign(visible(detail, 300))) : null) : null,
    chips: [problem.code && el('code', {}, problem.code)],
  });
}
