// The line that answers first, before there is a verdict: work that goes on.

import { button, el } from '../dom.js';
import { t } from '../i18n.js';
import { say } from '../verdict.js';

const SLOW = 8_000;

/** Called again and again while the work lasts. */
export function sayWorking(into, { since, progress, set, cancel }) {
  const passed = Date.now() - since;
  const sending = progress && progress.sent < progress.total;
  const headline = t(sending ? 'working.send' : set.probe ? 'working.probe' : 'working.judge');
  const reason = t(passed > SLOW ? 'working.slow' : set.probe ? 'working.probe.reason' : 'working.reason');
  if (!into.side.querySelector('.clock') || into.text.firstChild?.textContent !== headline) {
    say(into, { tone: 'calm', headline, reason, side: [el('span', { class: 'clock', 'aria-hidden': 'true' }), button(t('working.cancel'), cancel, { class: 'quiet cancel' })] });
  }
  const said = into.text.querySelector('.reason bdi');
  if (said.textContent !== reason) said.textContent = reason;
  const digits = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 1;
  into.side.querySelector('.clock').textContent = t('working.elapsed', { seconds: (passed / 1000).toFixed(digits) });
}
