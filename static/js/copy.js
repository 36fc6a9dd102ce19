// A button that copies a text and says so.

import { button as makeButton, el } from './dom.js';
import { t } from './i18n.js';

/** `text` is a function, so that a long text is made only when someone asks for it; `label` says what is copied. */
export function copyButton(text, label) {
  const said = el('span', { class: 'unseen', role: 'status' });
  const button = makeButton(t('copy'), null, { 'aria-label': `${t('copy')}: ${label}` });
  button.addEventListener('click', async () => {
    const outcome = (await copy(text())) ? t('copy.done') : t('copy.failed');
    button.textContent = said.textContent = outcome;
    setTimeout(() => { button.textContent = t('copy'); said.textContent = ''; }, 2000);
  });
  return [button, said];
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text);
  }
}

/** Over plain http the clipboard API is missing; a selected text field still works. */
function copyOldWay(text) {
  const field = el('textarea', { class: 'unseen', 'aria-hidden': 'true' });
  const before = document.activeElement;
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  before?.focus();
  return done;
}
