// The line that answers first: verdict, working, cancelled, failed. One element, so that a screen reader hears each change.

import { button, el, foreign, icon } from './dom.js';
import { known, pick, t } from './i18n.js';

/** The colour and icon of each answer of the server; where it did not check, there is nothing to colour. */
const TONES = { 'will-show': 'ok', 'may-not-show': 'warn', 'will-not-show': 'bad', 'no-card': 'bad' };

/** The parts of the verdict's element, by what goes where. */
export function verdictElement(root) {
  const [icon, text, side] = root.children;
  return { root, icon, text, side };
}

/** `said` = { tone, sign, headline, reason, advice, now, link, chips, side }; a missing part is left out, but for the sign, which is the tone's. */
function say(into, { tone, sign = tone, headline, reason, advice, now, link, chips = [], side = [] }) {
  into.root.hidden = false;
  into.root.dataset.tone = tone;
  into.icon.replaceChildren(icon(sign));
  into.text.replaceChildren(
    el('h2', {}, headline),
    ...[reason && el('p', { class: 'reason' }, el('bdi', {}, reason)), advice && el('p', { class: 'advice' }, el('bdi', {}, advice)), now, link].filter(Boolean),
  );
  const shown = chips.filter(Boolean);
  into.side.replaceChildren(...(shown.length ? [el('p', { class: 'chips' }, shown)] : []), ...side.filter(Boolean));
}

export function sayNothing(into) {
  into.root.hidden = true;
  into.text.replaceChildren();
}

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

export function sayCancelled(into, retry) {
  say(into, { tone: 'calm', sign: 'info', headline: t('cancelled.headline'), reason: t('cancelled.reason'), side: [retryButton(retry)] });
}

/** An `ApiFailure` in words. Only the server knows what is wrong with an address; of its own troubles ours say more to a reader. */
export function sayFailure(into, failure, retry) {
  const { kind, problem, status, retryAt } = failure;
  const ours = known(`failure.${kind}.reason`) ? t(`failure.${kind}.reason`, { status: String(status) }) : null;
  const worded = known(`problem.${problem?.code}`) ? t(`problem.${problem.code}`) : null;
  const detail = worded ?? (pick(problem?.detail) || pick(problem?.title));
  say(into, {
    tone: kind === 'caller' ? 'bad' : 'warn',
    headline: t(`failure.${kind}`),
    reason: ours ?? detail,
    advice: ours ? detail : !worded && pick(problem?.advice),
    chips: [(problem?.code || status) && el('code', {}, problem?.code ?? `HTTP ${status}`)],
    side: [kind === 'caller' ? null : retryButton(retry, retryAt)],
  });
}

function retryButton(retry, retryAt = null) {
  const again = button('', retry, { class: 'quiet retry', 'data-at': retryAt });
  tickRetry(again);
  return again;
}

/** Counts down to the moment the server named; before it, asking again would be no use. */
export function tickRetry(again) {
  const seconds = Math.ceil((Number(again.dataset.at ?? 0) - Date.now()) / 1000);
  again.disabled = seconds > 0;
  again.textContent = seconds > 0 ? t('retry.in', { seconds }) : t('retry');
}
