// The fields of what is asked beside the page; loaded when the drawer is opened.

import { button, el, seg } from '../dom.js';
import { t } from '../i18n.js';

/** `changed()` is told of every change, `pick(take)` lets the reader choose a file. */
export function fields(set, { changed, pick }) {
  const root = el('div', { class: 'settings-grid' });
  const draw = (focus = null) => {
    root.replaceChildren(
      el('div', {},
        el('fieldset', { class: 'row' }, el('legend', {}, t('settings.probe')),
          seg(t('settings.probe'), [['on', t('settings.probe.yes')], ['off', t('settings.probe.no')]], set.probe ? 'on' : 'off', (value) => { set.probe = value === 'on'; changed(); }),
          el('p', { class: 'quietly' }, t('settings.probe.note'))),
        field('interface', set, changed, { placeholder: 'eth0' }),
        field('template', set, changed, { placeholder: '$remote_addr - - [$time_local] "$request" $status …' }),
        field('client', set, changed, { placeholder: 'http_x_forwarded_for' }),
        field('proxies', set, changed, { placeholder: '10.0.0.0/8, 192.0.2.7' })),
      el('fieldset', { class: 'row' }, el('legend', {}, t('settings.list')),
        seg(t('settings.list'), [['known', t('settings.choice.known')], ['own', t('settings.choice.own')]], set.own ? 'own' : 'known', (value) => { set.own = value === 'own'; changed(); draw(value); }),
        el('p', { class: 'quietly', id: 'ranges-note' }, t(set.own ? 'settings.own.note' : 'settings.known.note')),
        set.own ? own(set, changed, pick, draw) : null));
    if (focus) root.querySelector(`[data-value="${focus}"]`).focus();
  };
  draw();
  return root;
}

function own(set, changed, pick, draw) {
  const text = el('textarea', {
    class: 'field', id: 'ranges-text', rows: 4, wrap: 'off', spellcheck: 'false', dir: 'ltr', 'aria-label': t('settings.ranges.label'), 'aria-describedby': 'ranges-note',
    placeholder: '27.0.236.0/22\n211.231.96.0/20', oninput: (event) => { set.ranges = event.target.value; changed(); },
  });
  text.value = set.ranges;
  return [text, button(t('settings.ranges.pick'), () => pick((name, content) => { Object.assign(set, { ranges: content, rangesName: name }); changed(); draw('own'); }))];
}

function field(name, set, changed, attributes) {
  return el('p', { class: 'row' }, el('label', { for: `set-${name}` }, t(`settings.${name}`)),
    el('input', { class: 'field', id: `set-${name}`, type: 'text', value: set[name], autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', 'aria-describedby': `set-${name}-note`, oninput: (event) => { set[name] = event.target.value; changed(); }, ...attributes }),
    el('span', { class: 'quietly', id: `set-${name}-note` }, t(`settings.${name}.note`)));
}
