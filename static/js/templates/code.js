// The same message as code: for Kakao's SDKs, or as a call that this sandbox answers.

import { ApiFailure } from '../api.js';
import { copyButton } from '../copy.js';
import { button, el, foreign, panel, seg } from '../dom.js';
import { pick, t } from '../i18n.js';
import { code as ask } from './asking-share.js';

const TARGETS = [['javascript', 'JavaScript'], ['android', 'Android'], ['ios', 'iOS'], ['flutter', 'Flutter'], ['rest', 'REST']];

/** `state.target` is the kind now shown; `question()` = what there is, or null. Returns `{ element, draw() }`. */
export function codePanel(state, question, keep) {
  const body = el('div', { class: 'codes' });
  let text = '';
  let work = null;
  const aside = el('span', {}, copyButton(() => text, t('code.heading')));
  const draw = async () => {
    work?.abort();
    const asked = question();
    if (!asked) {
      text = '';
      body.replaceChildren(el('p', { class: 'empty' }, t('code.none')));
      return;
    }
    work = new AbortController();
    const { signal } = work;
    try {
      const made = await ask({ ...asked, target: state.target }, signal);
      if (signal.aborted) return;
      text = made.code;
      const pre = el('pre', { class: 'code', tabindex: '0', role: 'group', 'aria-label': t('code.heading'), dir: 'ltr', 'data-language': made.language }, text);
      body.replaceChildren(pre, ...(made.notes?.length ? [el('ul', { class: 'limits' }, made.notes.map((note) => el('li', {}, foreign(pick(note)))))] : []));
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiFailure)) throw error;
      body.replaceChildren(el('p', { class: 'empty', role: 'alert' }, foreign(pick(error.problem?.detail) || t(`failure.${error.kind}`)), ' ', error.kind === 'caller' ? null : button(t('retry'), draw)));
    }
  };
  const known = TARGETS.some(([name]) => name === state.target);
  if (!known) state.target = 'javascript';
  const element = panel('code', t('code.heading'), aside, el('div', { class: 'targets' }, seg(t('code.target'), TARGETS, state.target, (target) => { state.target = target; keep(); draw(); })), body);
  return { element, draw };
}
