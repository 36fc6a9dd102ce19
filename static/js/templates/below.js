// What stands below the bench: Kakao's answer, the code, the simulated share with its log. Loaded after the first answer.

import { el } from '../dom.js';
import { envelope } from './answer.js';
import { codePanel } from './code.js';
import { deliveriesPanel } from './deliveries.js';
import { handlerPanel } from './handler.js';
import { sharePanel } from './share.js';

/** `ask(byId)` = the question now, or null. Returns `{ answered(answer), app(app) }`, which keep it up to date. */
export function below(view, state, { app, ask, keep, open }) {
  const code = codePanel(state, () => (state.answer?.message ? ask(true) : null), keep);
  const log = deliveriesPanel(state);
  const share = sharePanel(state, app, () => ask(true), keep, (sent) => { log.draw(sent.delivery?.id ?? null); });
  const handler = handlerPanel(state, app, () => { log.draw(); });
  const answer = el('div', {});
  view.replaceChildren(answer, code.element, share, el('div', { class: 'column' }, log.element, handler));
  // What nobody scrolls to is not asked for.
  let seen = false;
  let stale = true;
  const near = new IntersectionObserver((entries) => {
    seen = entries.some(({ isIntersecting }) => isIntersecting);
    if (seen && stale) { stale = false; code.draw(); }
  }, { rootMargin: '200px' });
  near.observe(code.element);
  let logged = false;
  const logNear = new IntersectionObserver((entries) => {
    if (logged || !entries.some(({ isIntersecting }) => isIntersecting)) return;
    logged = true;
    log.draw();
  }, { rootMargin: '200px' });
  logNear.observe(log.element);
  return {
    answered(made) {
      answer.replaceChildren(envelope(made, open));
      stale = !seen;
      if (seen) code.draw();
    },
    stop() {
      near.disconnect();
      logNear.disconnect();
    },
  };
}
