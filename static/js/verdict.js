// The line that answers first, on every page: cancelled and failed. One element, so that a screen reader hears each change.
// What a page answers, and how it works, is its own: answer.js, firewall/answer.js.

import { button, el, icon } from './dom.js';
import { known, pick, t } from './i18n.js';

/** The parts of the verdict's element, by what goes where. */
export function verdictElement(root) {
  const [icon, text, side] = root.children;
  return { root, icon, text, side };
}

/** `said` = { tone, sign, headline, reason, advice, now, link, chips, side }; a missing part is left out, but for the sign, which is the tone's. */
export function say(into, { tone, sign = tone, headline, reason, advice, now, link, chips = [], side = [] }) {
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
