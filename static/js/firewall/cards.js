// The dumps as cards in path order: what each is, which address it sees, and where it stands.

import { button, el, foreign } from '../dom.js';
import { t } from '../i18n.js';
import { Lines, visible } from './lines.js';

const SEES = ['direct', 'balancer', 'header'];
/** A longer text is not for a text box. */
const MOST_EDITED = 300_000;

/** `formats` = the dialects; `layers` = how the last report read the files; `changed(what)` is told of every change; `more(dump)` adds choices. */
export function cards(dumps, { formats, layers, opened, changed, more = () => null }) {
  return dumps.list.map((dump, index) => card(dump, index, { dumps, formats, layer: layers.find(({ files }) => files.includes(dump.name)), opened, changed, more }));
}

function card(dump, index, { dumps, formats, layer, opened, changed, more }) {
  const name = visible(dump.name);
  const labelled = (key) => `${t(key)}: ${name}`;
  const move = (step, sign) => el('button', {
    type: 'button', class: 'quiet', 'data-act': step < 0 ? 'up' : 'down', 'aria-label': labelled(step < 0 ? 'cards.up' : 'cards.down'), title: t(step < 0 ? 'cards.up' : 'cards.down'),
    disabled: index + step < 0 || index + step >= dumps.list.length,
    onclick: () => { if (dumps.move(dump, step)) changed({ dump, act: step < 0 ? 'up' : 'down' }); },
  }, sign);
  const editable = dump.text.length <= MOST_EDITED;
  // Behind a balancer the rules meet its address, and often another port.
  const field = (key, example) => el('input', {
    class: `field ${key}`, type: 'text', value: dump[key], placeholder: t(`cards.${key}.hint`, { example }), 'aria-label': labelled(`cards.${key}`), title: t(`cards.${key}`), spellcheck: 'false', autocomplete: 'off',
    oninput: (event) => { dump[key] = event.target.value; changed(null); },
  });
  return el('li', { class: 'card', 'data-id': dump.id },
    el('span', { class: 'step', 'aria-hidden': 'true' }, String(index + 1)),
    el('div', { class: 'card-name' }, el('b', {}, foreign(name)),
      el('span', { class: 'quietly' }, [t('count.lines', { count: new Lines(dump.text).count }), layer ? t('cards.read', { title: layer.title, count: layer.rules }) : null].filter(Boolean).join(' · '))),
    el('div', { class: 'card-choices' },
      more(dump),
      choice(labelled('cards.format'), [['auto', layer && dump.format === 'auto' ? t('cards.detected', { title: layer.title }) : t('cards.auto')], ...formats.map((one) => [one.name, one.title])],
        dump.format, (value) => { dump.format = value; changed({ dump, act: 'format' }); }, 'format'),
      choice(labelled('cards.sees'), SEES.map((value) => [value, t(`sees.${value}`)]), dump.sees, (value) => { dump.sees = value; changed({ dump, act: 'sees' }); }, 'sees'),
      dump.sees === 'balancer' ? field('behind', '10.0.0.0/8') : null,
      dump.sees === 'direct' ? null : field('port', '8080'),
      // Files of one host, such as those of IPv4 and IPv6, are read as one layer; two hosts are two.
      index > 0 ? choice(labelled('cards.layer'), [['', t('cards.together')], ['apart', t('cards.apart')]], dump.apart ? 'apart' : '', (value) => { dump.apart = value !== ''; changed({ dump, act: 'layer' }); }, 'layer') : null),
    el('div', { class: 'card-tools' },
      dumps.list.length > 1 ? [move(-1, '↑'), move(1, '↓')] : null,
      editable ? button(t('cards.text'), () => { opened.has(dump.id) ? opened.delete(dump.id) : opened.add(dump.id); changed({ dump, act: 'text' }); },
        { 'data-act': 'text', 'aria-expanded': String(opened.has(dump.id)), 'aria-label': labelled('cards.text') }) : null,
      button('×', () => { dumps.remove(dump); changed({ removed: index }); }, { class: 'quiet remove', 'aria-label': labelled('cards.remove'), title: t('cards.remove') })),
    editable && opened.has(dump.id) ? el('textarea', {
      class: 'field text', rows: 10, wrap: 'off', spellcheck: 'false', dir: 'ltr', 'aria-label': labelled('cards.text'), onchange: (event) => { dump.text = event.target.value; changed({ dump, act: 'text' }); },
    }, dump.text) : null);
}

/** A select of `[value, label]`. */
export function choice(label, options, chosen, choose, act = null) {
  return el('select', { class: 'field', 'aria-label': label, title: label, 'data-act': act, onchange: (event) => choose(event.target.value) },
    options.map(([value, name]) => el('option', { value, selected: value === chosen }, name)));
}
