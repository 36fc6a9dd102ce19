// Does the handler survive what real shares bring? Every trial with what happened and what follows.

import { ApiFailure } from '../api.js';
import { button, el, foreign, panel } from '../dom.js';
import { pick, t } from '../i18n.js';
import { checkHandler } from './asking-share.js';
import { mark } from './share.js';

/** `done()` is told when the trials are over, for they are in the log too. */
export function handlerPanel(state, app, done) {
  const body = el('div', { 'aria-live': 'polite' }, el('p', { class: 'empty' }, t(app?.webhook?.url ? 'handler.body' : 'handler.no-webhook')));
  const start = button(t('handler.go'), run, { disabled: !app?.webhook?.url });

  async function run() {
    start.disabled = true;
    body.replaceChildren(el('p', { class: 'empty' }, t('handler.working')));
    try {
      const { survives, trials, conclusion } = await checkHandler(state.app ?? undefined);
      body.replaceChildren(
        el('p', { class: 'survives' }, el('span', { class: `mark ${survives ? 'used' : 'error'}` }, t(survives ? 'handler.survives' : 'handler.fails')), ' ', conclusion ? foreign(pick(conclusion)) : null, ' ', el('span', { class: 'quietly' }, t('handler.trials', { count: trials.length }))),
        list(trials.filter(({ outcome }) => !good(outcome))),
        el('details', {}, el('summary', {}, t('handler.passed', { count: trials.filter(({ outcome }) => good(outcome)).length })), list(trials.filter(({ outcome }) => good(outcome)))));
      done();
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      body.replaceChildren(el('p', { class: 'empty bad', role: 'alert' }, foreign(pick(error.problem?.detail) || t(`failure.${error.kind}`))));
    }
    start.disabled = false;
    start.focus();
  }

  const good = (outcome) => ['passed', 'skipped'].includes(outcome);
  const list = (some) => el('ol', { class: 'trials' }, some.map(({ code, what, outcome, conclusion }) => el('li', {},
    el('p', {}, mark(outcome), ' ', el('b', {}, foreign(pick(what) || code))), el('p', { class: 'quietly' }, foreign(pick(conclusion))))));

  return panel('handler', t('handler.heading'), start, body);
}
