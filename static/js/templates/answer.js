// Kakao's answer to the call, as it is, and what of it nobody outside Kakao knows for sure.

import { copyButton } from '../copy.js';
import { drawer, el, foreign } from '../dom.js';
import { pick, t } from '../i18n.js';

/** `answer` = what the check gave, `kept` = which panels are open. */
export function envelope(answer, kept) {
  const { envelope: made, inferred = [] } = answer;
  const text = made ? JSON.stringify(made, null, 2) : '';
  const { element } = drawer('envelope', t('envelope.heading'), made ? el('span', { class: 'aside' }, copyButton(() => text, t('envelope.heading'))) : null, t('envelope.show'), kept, (body) => {
    body.replaceChildren(made ? el('pre', { class: 'code', tabindex: '0', role: 'group', 'aria-label': t('envelope.heading'), dir: 'ltr' }, text) : el('p', { class: 'quietly' }, t('envelope.none')));
  });
  element.querySelector('details').before(...spoken(made), ...(inferred.length ? [guesses(inferred)] : []));
  return element;
}

/** What Kakao would say besides: links that are dropped, arguments that are missing. */
function spoken(made) {
  const rows = [];
  for (const name of ['warning_msg', 'argument_msg']) {
    for (const [key, said] of Object.entries(made?.[name] ?? {})) {
      const text = String(said);
      const same = rows.find((row) => row.name === name && row.text === text);
      if (same) same.keys.push(key);
      else rows.push({ name, keys: [key], text });
    }
  }
  return rows.length ? [el('ul', { class: 'spoken' }, rows.map(({ name, keys, text }) => el('li', {},
    el('code', { class: 'mark warning' }, name), keys.map((key) => [' ', el('code', {}, foreign(key, { dir: 'ltr' }))]), el('pre', { class: 'proof' }, foreign(text, { dir: 'ltr' })))))] : [];
}

export function guesses(inferred) {
  return el('div', { class: 'guesses' },
    el('h3', {}, t('inferred.heading')),
    el('ul', {}, inferred.map(({ code, message }) => el('li', {}, foreign(pick(message) || code), ' ', el('code', { class: 'quietly' }, foreign(code))))));
}
