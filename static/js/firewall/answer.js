// The line that answers first, before there is a report: work that goes on, a file that cannot be read.

import { button, el } from '../dom.js';
import { pick, t } from '../i18n.js';
import { say } from '../verdict.js';
import { place } from './piece.js';

const SLOW = 3_000;

/** Called again and again while the work lasts. */
export function sayWorking(into, { since, cancel }) {
  const passed = Date.now() - since;
  const words = t(passed > SLOW ? 'working.slow' : 'working.reason');
  if (!into.side.querySelector('.clock') || into.text.firstChild?.textContent !== t('working.check')) {
    say(into, { tone: 'calm', headline: t('working.check'), reason: words, side: [el('span', { class: 'clock', 'aria-hidden': 'true' }), button(t('working.cancel'), cancel, { class: 'quiet cancel' })] });
  }
  const said = into.text.querySelector('.reason bdi');
  if (said.textContent !== words) said.textContent = words;
  const digits = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 1;
  into.side.querySelector('.clock').textContent = t('working.elapsed', { seconds: (passed / 1000).toFixed(digits) });
}

/** A file that is not what it was taken for: what is wrong, where, and what to do. */
export function sayRefused(into, problem, show) {
  say(into, {
    tone: 'bad',
    headline: t(problem.file ? 'refused.file' : 'refused.question'),
    reason: pick(problem.detail) || pick(problem.title),
    advice: pick(problem.advice),
    now: problem.file ? el('p', { class: 'decisive' }, place(problem, show) , problem.column ? ` ${t('refused.column', { column: problem.column })}` : null) : null,
    chips: [problem.code && el('code', {}, problem.code)],
  });
}
