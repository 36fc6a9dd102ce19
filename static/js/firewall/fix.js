// The smallest change that opens a layer, asked for when someone wants it. What it looks like is in change.js.

import { button, el, foreign, panel } from '../dom.js';
import { moreWords, t } from '../i18n.js';
import { visible } from './lines.js';

/** Loaded with the first change. */
let change = null;

/**
 * One part for each layer that refuses. `ask(layer)` gets its `FixReport`, `apply(files)` puts the changed files in the place of
 * the old ones and checks again. `kept.fixes` holds what was answered. Returns the panel and `go()`.
 */
export function fixes(layers, formats, kept, { ask, apply }) {
  if (!layers.length) return { element: null, go: null };
  const parts = layers.map((layer) => part(layer, formats?.find(({ name }) => name === layer.format), kept, { ask, apply }));
  const element = panel('fix', t('fix.heading'), null, parts.map((one) => one.element));
  return {
    element,
    go: () => {
      parts[0].open();
      element.scrollIntoView({ block: 'start' });
    },
  };
}

function part(layer, format, kept, { ask, apply }) {
  const body = el('div', { class: 'fix-body', 'aria-live': 'polite' });
  const draw = () => {
    const { report, working, failed } = kept.fixes[layer.name] ?? {};
    body.replaceChildren(...[
      report ? change(report, apply)
        : format?.fixes === false ? el('p', {}, t('fix.unable', { title: layer.title }))
          : el('div', { class: 'actions' }, button(working ? t('fix.working') : t('fix.make'), open, { disabled: working }), failed ? el('p', { class: 'bad', role: 'alert' }, foreign(failed)) : null),
    ].flat(Infinity).filter(Boolean));
  };
  const open = async () => {
    if (kept.fixes[layer.name]?.report || kept.fixes[layer.name]?.working || format?.fixes === false) return;
    kept.fixes[layer.name] = { working: true };
    draw();
    const [answer, module] = await Promise.all([ask(layer), import('./change.js'), moreWords('change')]);
    ({ change } = module);
    kept.fixes[layer.name] = answer;
    kept.redraw[layer.name]();
  };
  // A change of language draws this anew, perhaps while an answer is awaited.
  kept.redraw[layer.name] = draw;
  draw();
  return { open, element: el('section', { class: 'fix-layer' }, el('h3', {}, foreign(visible(layer.name === layer.format ? layer.title : layer.name)), ' ', el('span', { class: 'quietly' }, foreign(visible(layer.files.join(', '))))), body) };
}
