// The fields of what is asked beside the dumps; loaded when the drawer is opened.

import { button, el, foreign, seg } from '../dom.js';
import { t } from '../i18n.js';

/** The fields; `changed()` is told of every change, `pick(take)` lets the reader choose a file. */
export function fields(set, { changed, pick }) {
  const root = el('div', { class: 'settings-grid' });
  const draw = (focus = null) => {
    const text = el('textarea', {
      class: 'field', id: 'ranges-text', rows: 5, wrap: 'off', spellcheck: 'false', dir: 'ltr', 'aria-label': t('settings.ranges.label'), 'aria-describedby': 'ranges-note',
      placeholder: '{"inbound": [{"service": "scrap", "ips": ["27.0.236.0/22"]}]}\n27.0.236.0/22\n211.231.96.0/20', oninput: (event) => { set.ranges = event.target.value; changed(); },
    });
    text.value = set.ranges;
    root.replaceChildren(
      el('fieldset', {}, el('legend', {}, t('settings.list')),
        seg(t('settings.list'), [['announced', t('settings.choice.announced')], ['own', t('settings.choice.own')]], set.own ? 'own' : 'announced', (value) => { set.own = value === 'own'; changed(); draw(value); }),
        el('p', { class: 'quietly', id: 'ranges-note' }, t(set.own ? 'settings.own.note' : 'settings.announced.note')),
        set.own ? [text, button(t('settings.ranges.pick'), () => pick((name, content) => { Object.assign(set, { ranges: content, rangesName: name }); changed(); draw('own'); }))] : null),
      el('div', {},
        field('ports', t('settings.ports'), set, changed, { inputmode: 'text', placeholder: '80, 443' }, t('settings.ports.note')),
        field('interface', t('settings.interface'), set, changed, { placeholder: 'eth0' }, t('settings.interface.note')),
        field('url', t('settings.url'), set, changed, { inputmode: 'url', placeholder: 'https://shop.example.kr/product/1024' }, t('settings.url.note'))));
    if (focus) root.querySelector(`[data-value="${focus}"]`).focus();
  };
  draw();
  return root;
}

function field(name, label, set, changed, attributes, note) {
  return el('p', { class: 'row' }, el('label', { for: `set-${name}` }, label),
    el('input', { class: 'field', id: `set-${name}`, type: 'text', value: set[name], autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', 'aria-describedby': `set-${name}-note`, oninput: (event) => { set[name] = event.target.value; changed(); }, ...attributes }),
    el('span', { class: 'quietly', id: `set-${name}-note` }, foreign(note)));
}
