// The line that answers first, before there is a report: logs that are on their way.

import { button, el } from '../dom.js';
import { bytes } from '../format.js';
import { t } from '../i18n.js';
import { say } from '../verdict.js';

const SLOW = 10_000;

/** `{ sent, total }` of what goes to the server; `null` before the first step. Called again and again while the work lasts. */
export function sayWorking(into, { since, progress, cancel }) {
  const passed = Date.now() - since;
  const { sent = 0, total = 0 } = progress ?? {};
  const sending = !progress || sent < total;
  const headline = t(sending ? 'working.send' : 'working.read');
  if (!into.side.querySelector('.clock') || into.text.firstChild?.textContent !== headline) {
    const bar = el('progress', { class: 'sent', max: '1', 'aria-label': headline });
    say(into, { tone: 'calm', headline, reason: t('working.kept'), now: sending ? el('p', { class: 'now-sent' }, bar, el('span', { class: 'so-far', 'aria-hidden': 'true' })) : null,
      side: [el('span', { class: 'clock', 'aria-hidden': 'true' }), button(t('working.cancel'), cancel, { class: 'quiet cancel' })] });
  }
  const reason = into.text.querySelector('.reason bdi');
  const words = t(passed > SLOW ? 'working.slow' : 'working.kept');
  if (reason.textContent !== words) reason.textContent = words;
  if (sending && total) {
    into.text.querySelector('progress').value = sent / total;
    into.text.querySelector('.so-far').textContent = t('working.so-far', { sent: short(sent), total: short(total) });
  }
  const digits = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 1;
  into.side.querySelector('.clock').textContent = t('working.elapsed', { seconds: (passed / 1000).toFixed(digits) });
}

function short(value) {
  return bytes(value).replace(/ \(.*\)$/, '');
}
