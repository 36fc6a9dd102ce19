// The log of the webhook: what was sent, what came back, what Kakao would make of it, and once more by hand.

import { ApiFailure } from '../api.js';
import { button, el, foreign, panel } from '../dom.js';
import { ms, number } from '../format.js';
import { language, pick, t, word } from '../i18n.js';
import { deliveries as load, quota as loadQuota, replay } from './asking-share.js';
import { mark } from './share.js';

const MOST = 30;

/** Returns `{ element, draw(openId) }`: the log of the app `state.app` names. */
export function deliveriesPanel(state) {
  const list = el('ol', { class: 'deliveries' });
  const said = el('p', { class: 'unseen', role: 'status' });
  const foot = el('p', { class: 'foot' });
  let opened = new Set();

  const failed = (error) => {
    if (!(error instanceof ApiFailure)) throw error;
    return pick(error.problem?.detail) || t(`failure.${error.kind}`);
  };

  async function draw(open = null) {
    if (open !== null) opened.add(open);
    try {
      const all = await load(state.app ?? undefined);
      opened = new Set(all.filter(({ id }) => opened.has(id)).map(({ id }) => id));
      const focused = list.contains(document.activeElement) ? document.activeElement.closest('[data-id]')?.dataset.id : undefined;
      list.replaceChildren(...(all.length ? all.slice(0, MOST).map(one) : [el('li', { class: 'empty' }, t('deliveries.none'))]));
      if (focused !== undefined) list.querySelector(`[data-id="${CSS.escape(focused)}"] summary`)?.focus();
    } catch (error) {
      list.replaceChildren(el('li', { class: 'empty', role: 'alert' }, foreign(failed(error)), ' ', button(t('retry'), () => draw())));
    }
    await drawQuota();
  }

  async function drawQuota() {
    try {
      const { items, resets_at: resets } = await loadQuota(state.app ?? undefined);
      const rows = items.map(({ name, left, limit }) => `${quotaWord(name)} ${number(left)} / ${number(limit)}`);
      const time = resets ? new Intl.DateTimeFormat(language(), { dateStyle: 'short', timeStyle: 'short' }).format(new Date(resets)) : null;
      foot.textContent = `${t('quota.left')}: ${rows.join(' · ')}${time ? ` (${t('quota.resets', { time })})` : ''}`;
    } catch {
      // The log stands without it.
      foot.textContent = '';
    }
  }

  async function again(id, pressed) {
    pressed.disabled = true;
    said.textContent = '';
    try {
      const made = await replay(id);
      await draw(made.id);
      said.textContent = pick(made.conclusion);
      list.querySelector(`[data-id="${CSS.escape(String(made.id))}"] summary`)?.focus();
    } catch (error) {
      said.textContent = failed(error);
      pressed.after(el('span', { class: 'bad' }, said.textContent));
      pressed.disabled = false;
    }
  }

  function one(delivery) {
    const { id, at, method, url, outcome, status, milliseconds, request, answer, conclusion, advice, notes = [], code, evidence, confidence, replay_of: of } = delivery;
    const time = new Date(at);
    const remember = (event) => { if (event.target.open) opened.add(id); else opened.delete(id); };
    return el('li', { 'data-id': id },
      el('details', { open: opened.has(id), ontoggle: remember },
        el('summary', {},
          mark(outcome), ' ',
          el('time', { datetime: at, title: at }, Number.isNaN(time.getTime()) ? at : new Intl.DateTimeFormat(language(), { dateStyle: 'short', timeStyle: 'medium' }).format(time)),
          status ? el('span', {}, ` HTTP ${status}`) : null, typeof milliseconds === 'number' ? el('span', { class: 'quietly' }, ` ${ms(milliseconds)}`) : null,
          of ? el('span', { class: 'confidence' }, t('deliveries.replayed')) : null),
        el('div', { class: 'delivery' },
          el('p', {}, foreign(pick(conclusion))), pick(advice) ? el('p', { class: 'advice' }, foreign(pick(advice))) : null,
          evidence ? el('pre', { class: 'proof' }, foreign(evidence)) : null,
          code || confidence ? el('p', { class: 'meta' }, code ? el('code', {}, foreign(code)) : null, confidence ? el('span', { class: 'confidence' }, word('confidence', confidence)) : null) : null,
          notes.length ? el('ul', { class: 'limits' }, notes.map((note) => el('li', {}, foreign(pick(note.message) || note.code), note.confidence ? [' ', el('span', { class: 'confidence' }, word('confidence', note.confidence))] : null))) : null,
          url && request ? [el('h3', {}, t('deliveries.request')), block(request_(method, url, request))] : null,
          answer ? [el('h3', {}, t('deliveries.answer')), block(answer_(status, answer)), answer.truncated ? el('p', { class: 'quietly' }, t('deliveries.cut')) : null] : null,
          el('p', { class: 'actions' }, el('button', { type: 'button', class: 'quiet replay', onclick: (event) => again(id, event.currentTarget) }, t('deliveries.replay'))))));
  }

  const element = panel('deliveries', t('deliveries.heading'), button(t('deliveries.refresh'), () => draw()), said, list, foot);
  return { element, draw };
}

function quotaWord(name) {
  const key = `quota.${name}`;
  const text = t(key);
  return text === key ? name : text;
}

function block(text) {
  return el('pre', { class: 'code', tabindex: '0', dir: 'ltr', role: 'group', 'aria-label': t('deliveries.http') }, text);
}

const headers = (some) => Object.entries(some ?? {}).map(([name, value]) => `${name}: ${value}`);

function request_(method, url, request) {
  const query = request?.query && Object.keys(request.query).length && !url.includes('?') ? `?${new URLSearchParams(request.query)}` : '';
  const body = request?.body ? ['', JSON.stringify(request.body, null, 2)] : [];
  return [request?.line ?? `${method} ${url}${query}`, ...headers(request?.headers), ...body].join('\n');
}

function answer_(status, answer) {
  return [status ? `HTTP ${status}` : null, ...headers(answer.headers), ...(answer.body ? ['', answer.body] : [])].filter((line) => line !== null).join('\n');
}
