// The samples of default templates: where a message begins.

import { button, el, foreign } from '../dom.js';
import { known, pick, t } from '../i18n.js';

/** The samples: a button for the first of each type, and a list of all. `choose(sample)` loads one. */
export function sampleButtons(samples, choose) {
  const first = samples.filter(({ object_type: type }, index) => samples.findIndex((one) => one.object_type === type) === index);
  return el('div', { class: 'samples', role: 'group', 'aria-label': t('samples.label') },
    first.map((sample) => button(foreign(typeWord(sample.object_type)), () => choose(sample), { 'data-sample': sample.name, 'data-type': sample.object_type })),
    samples.length > first.length ? el('select', { class: 'field', id: 'sample', 'aria-label': t('samples.label'), onchange: (event) => choose(samples.find(({ name }) => name === event.target.value)) },
      el('option', { value: '' }, t('samples.all')), samples.map(({ name, title }) => el('option', { value: name }, pick(title) || name))) : null);
}

/** Shows which sample, if any, the text in the editor is. */
export function markSample(root, samples, text) {
  const one = samples.find((sample) => sample.text === text);
  for (const made of root.querySelectorAll('[data-sample]')) made.setAttribute('aria-pressed', String(made.dataset.type === one?.object_type));
  const all = root.querySelector('#sample');
  if (all) all.value = one?.name ?? '';
}

/** The word for a type of template. */
export function typeWord(type) {
  return known(`type.${type}`) ? t(`type.${type}`) : type;
}
