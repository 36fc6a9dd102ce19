// The line that answers first: verdict, working, cancelled, failed. One element, so that a screen reader hears each change.

import { el, icon } from './dom.js';
import { known, pick, t } from './i18n.js';
import { judge } from './judge.js';

/** The parts of the verdict's element, by what goes where. */
export function verdictElement(root) {
  return {
    root,
    icon: root.querySelector('#verdict-icon'),
    text: root.querySelector('#verdict-text'),
    side: root.querySelector('#verdict-side'),
  };
}

/** `said` = { tone, headline, reason, advice, link, chips, side }; a missing part is left out. */
function say(into, { tone, headline, reason, advice, link, chips = [], side = [] }) {
  into.root.hidden = false;
  into.root.dataset.tone = tone;
  into.icon.replaceChildren(icon(tone));
  into.text.replaceChildren(
    el('h2', {}, headline),
    ...[reason && el('p', { class: 'reason' }, el('bdi', {}, reason)), advice && el('p', { class: 'advice' }, el('bdi', {}, advice)), link].filter(Boolean),
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
  const verdict = judge(report);
  const finding = report.findings?.[verdict.finding];
  const source = report.card?.images?.[0]?.source ?? '';
  const bad = report.outcome !== 'ok';
  say(into, {
    tone: verdict.tone,
    headline: t(verdict.headline),
    reason: finding ? pick(finding.message) : verdict.reason && t(verdict.reason, { source }),
    link: finding && el('a', { class: 'fix', href: `#finding-${verdict.finding}`, onclick: (event) => { event.preventDefault(); open(verdict.finding); } },
      t(finding.severity === 'info' ? 'verdict.more' : 'verdict.fix'), el('span', { 'aria-hidden': 'true' }, ' ↓')),
    chips: [bad && el('code', {}, report.outcome), bad && known(`blame.${report.blame}`) && el('span', {}, t(`blame.${report.blame}`))],
    side,
  });
  return t(verdict.headline);
}

const SLOW = 3_000;
const VERY_SLOW = 12_000;

/** `since` = when the work began. Called again and again; the words change only when there is something new to say. */
export function sayWorking(into, { since, fresh, cancel }) {
  const passed = Date.now() - since;
  const reason = t(passed > VERY_SLOW ? 'working.very-slow' : passed > SLOW ? 'working.slow' : fresh ? 'working.fresh' : 'working.reason');
  const said = into.text.querySelector('.reason');
  if (!into.side.querySelector('.clock') || into.text.firstChild?.textContent !== t('working.headline')) {
    say(into, {
      tone: 'calm',
      headline: t('working.headline'),
      reason,
      side: [el('span', { class: 'clock', 'aria-hidden': 'true' }), el('button', { type: 'button', class: 'quiet cancel', onclick: cancel }, t('working.cancel'))],
    });
  } else if (said.textContent !== reason) {
    said.textContent = reason;
  }
  const digits = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 1;
  into.side.querySelector('.clock').textContent = t('working.elapsed', { seconds: (passed / 1000).toFixed(digits) });
}

export function sayCancelled(into, retry) {
  say(into, { tone: 'calm', headline: t('cancelled.headline'), reason: t('cancelled.reason'), side: [retryButton(retry)] });
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
  const button = el('button', { type: 'button', class: 'quiet retry', onclick: retry });
  if (retryAt !== null) button.dataset.at = String(retryAt);
  tickRetry(button);
  return button;
}

/** Counts down to the moment the server named; before it, asking again would be no use. */
export function tickRetry(button) {
  const seconds = Math.ceil((Number(button.dataset.at ?? 0) - Date.now()) / 1000);
  button.disabled = seconds > 0;
  button.textContent = seconds > 0 ? t('retry.in', { seconds }) : t('retry');
}
