// The line that answers first, for a scrape: the verdict, and the work that goes on.

import { button, el, foreign } from './dom.js';
import { known, pick, t } from './i18n.js';
import { say } from './verdict.js';

/** The colour and icon of each answer of the server; where it did not check, there is nothing to colour. */
const TONES = { 'will-show': 'ok', 'may-not-show': 'warn', 'will-not-show': 'bad', 'no-card': 'bad' };

/** `open(index)` shows the finding that decided. */
export function sayReport(into, report, { open, side }) {
  const { image, headline, reason, finding } = report.verdict;
  const decided = report.findings?.[finding];
  const bad = report.outcome !== 'ok';
  say(into, {
    tone: TONES[image] ?? 'calm',
    sign: TONES[image] ?? 'info',
    headline: pick(headline),
    reason: pick(reason),
    link: decided && el('a', { class: 'fix', href: `#finding-${finding}`, onclick: (event) => { event.preventDefault(); open(finding); } },
      t(decided.severity === 'info' ? 'verdict.more' : 'verdict.fix'), el('span', { 'aria-hidden': 'true' }, ' ↓')),
    chips: [bad && el('code', {}, report.outcome), bad && known(`blame.${report.blame}`) && el('span', {}, t(`blame.${report.blame}`))],
    side,
  });
  return pick(headline);
}

const SLOW = 3_000;
const VERY_SLOW = 12_000;

/** What is being asked just now, as a headline. */
function phase({ of, who } = { of: 'page', who: 'same' }) {
  const key = who === 'same' ? `working.${of}` : 'working.compare';
  return t(known(key) ? key : 'working.page');
}

/** `since` = when the work began, `live` = what was heard of it. Called again and again; the words change only when there is news. */
export function sayWorking(into, { since, fresh, live, cancel }) {
  const { asking } = live;
  // What others are answered late says nothing about Kakao.
  const passed = asking && asking.who !== 'same' ? 0 : Date.now() - live.since;
  const headline = phase(asking ?? undefined);
  const reason = t(passed > VERY_SLOW ? 'working.very-slow' : passed > SLOW ? 'working.slow' : fresh ? 'working.fresh' : 'working.reason');
  if (!into.side.querySelector('.clock') || into.text.firstChild?.textContent !== headline) {
    say(into, {
      tone: 'calm', headline, reason,
      now: el('p', { class: 'now mono', 'aria-hidden': 'true' }, foreign('')),
      side: [el('span', { class: 'clock', 'aria-hidden': 'true' }), button(t('working.cancel'), cancel, { class: 'quiet cancel' })],
    });
  } else if (into.text.querySelector('.reason').textContent !== reason) {
    into.text.querySelector('.reason').textContent = reason;
  }
  into.text.querySelector('.now bdi').textContent = asking?.url ?? '';
  const digits = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 1;
  into.side.querySelector('.clock').textContent = t('working.elapsed', { seconds: ((Date.now() - since) / 1000).toFixed(digits) });
  return headline;
}
