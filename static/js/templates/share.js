// A simulated share: who it goes to, what goes to the webhook, and the button. What came of it is in the log below.

import { ApiFailure } from '../api.js';
import { button, el, foreign, panel, seg } from '../dom.js';
import { number } from '../format.js';
import { pick, t } from '../i18n.js';
import { send } from './asking-share.js';
import { callbackArgs } from './question.js';

const CHATS = ['MemoChat', 'DirectChat', 'MultiChat', 'OpenDirectChat', 'OpenMultiChat'];

/** `state` = { chat, callback }; `question()` = the message, or null; `done(sent)` is told what came of it. */
export function sharePanel(state, app, question, keep, done) {
  const { callback } = state;
  const said = el('div', { class: 'outcome', role: 'status' });
  const fields = el('div', { class: 'callback' });
  const go = el('button', { class: 'go', type: 'submit' }, t('share.go'));
  const complain = (sentence) => said.replaceChildren(el('p', { class: 'bad' }, sentence));

  const rows = () => {
    fields.replaceChildren(...(callback.as === 'json'
      ? [el('textarea', { class: 'field', rows: 5, spellcheck: 'false', dir: 'ltr', id: 'callback-json', 'aria-label': t('share.callback.json'), placeholder: '{"order": "1024"}', oninput: (event) => { callback.json = event.target.value; keep(); } }, callback.json)]
      : [...callback.rows.map((row, index) => el('div', { class: 'pair' },
        input(row, 0, 'share.callback.key', 'order'), input(row, 1, 'share.callback.value', '1024'),
        button('×', () => { callback.rows.splice(index, 1); if (!callback.rows.length) callback.rows.push(['', '']); keep(); rows(); (fields.querySelectorAll('.pair input')[index * 2] ?? fields.querySelector('.add')).focus(); }, { 'aria-label': t('share.callback.remove', { number: index + 1 }), title: t('share.callback.remove', { number: index + 1 }) }))),
      button(t('share.callback.add'), () => { callback.rows.push(['', '']); keep(); rows(); [...fields.querySelectorAll('.pair input:first-child')].at(-1).focus(); }, { class: 'quiet add' })]));
  };
  const input = (row, at, label, example) => el('input', { class: 'field', value: row[at], placeholder: example, 'aria-label': t(label), spellcheck: 'false', autocomplete: 'off', oninput: (event) => { row[at] = event.target.value; keep(); } });
  rows();

  async function run(event) {
    event.preventDefault();
    const asked = question();
    let given;
    try {
      given = callbackArgs(callback);
    } catch (error) {
      complain(t('share.callback.wrong', { said: error.message }));
      return document.querySelector('#callback-json').focus();
    }
    if (!asked) return complain(t('share.nothing'));
    // Kakao knows a custom template by its id alone.
    if (asked.kind === 'custom') return complain(t('share.edited'));
    go.disabled = true;
    said.replaceChildren(el('p', { class: 'quietly' }, t('share.working')));
    try {
      // Without arguments Kakao sends no webhook: an empty object is none.
      const none = typeof given === 'object' && !Object.keys(given).length;
      const sent = await send({ ...asked, chat_type: state.chat, ...(none ? {} : { callback_args: given }) });
      said.replaceChildren(...outcome(sent));
      done(sent);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      complain(pick(error.problem?.detail) || t(`failure.${error.kind}`));
    }
    go.disabled = false;
    return undefined;
  }

  const form = el('form', { class: 'share', novalidate: true, onsubmit: run },
    el('div', { class: 'row' },
      el('label', { for: 'chat' }, t('share.chat')),
      el('select', { class: 'field', id: 'chat', onchange: (event) => { state.chat = event.target.value; keep(); } }, CHATS.map((name) => el('option', { value: name, selected: name === state.chat }, `${t(`chat.${name}`)} (${name})`)))),
    el('fieldset', {}, el('legend', {}, t('share.callback')),
      seg(t('share.callback.as'), [['rows', t('share.callback.rows')], ['json', 'JSON']], callback.as, (as) => { callback.as = as; keep(); rows(); }),
      fields, el('p', { class: 'quietly' }, t('share.callback.note'))),
    el('div', { class: 'actions' }, go), said);
  return panel('share', t('share.heading'), el('span', {}, whereTo(app)), form);
}

/** Where the webhook goes, or that it goes nowhere yet. */
function whereTo(app) {
  const { url, method } = app?.webhook ?? {};
  return url ? [el('code', {}, method ?? 'POST'), ' ', foreign(url, { class: 'mono' })] : t('share.no-webhook');
}

/** What came of a share, in a few lines. */
function outcome({ answer, delivery, error }) {
  if (error) return [el('p', {}, el('span', { class: 'mark error' }, t('share.refused')), ' ', el('code', {}, `{"code": ${number(error.code).replace(/\s|,/g, '')}, "msg": ${JSON.stringify(error.msg)}}`))];
  const made = answer?.check?.problems?.some(({ severity }) => severity === 'error') ? el('p', {}, el('span', { class: 'mark warning' }, t('share.with-errors'))) : null;
  const advice = delivery && delivery.outcome !== 'delivered' ? pick(delivery.advice) : '';
  return [made, delivery ? el('p', {}, mark(delivery.outcome), ' ', foreign(pick(delivery.conclusion))) : el('p', { class: 'quietly' }, t('share.no-delivery')), advice ? el('p', { class: 'advice' }, foreign(advice)) : null].filter(Boolean);
}

const TONES = { delivered: 'used', passed: 'used', 'not-sent': '', skipped: '', warning: 'warning', redirected: 'error', refused: 'error', timeout: 'error', unreachable: 'error', failed: 'error' };

/** How a delivery ended, as a word with its colour. */
export function mark(name) {
  return el('span', { class: `mark ${TONES[name] ?? ''}`.trim() }, outcomeWord(name));
}

function outcomeWord(name) {
  const key = `outcome.${name}`;
  const text = t(key);
  return text === key ? String(name) : text;
}
