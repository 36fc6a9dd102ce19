// A table that shows its first rows, and the others when someone asks for them.

import { button, el, table } from '../dom.js';
import { t } from '../i18n.js';

const FIRST = 10;

/** `row(one)` makes the cells of one; `kept` remembers that all are shown. */
export function longTable(id, label, columns, all, kept, row) {
  const holder = el('div', {});
  const draw = (focus = false) => {
    const shown = kept[id] ? all : all.slice(0, FIRST);
    const drawn = table(label, columns, shown.map(row), { class: `stacks ${id}` });
    holder.replaceChildren(drawn, ...(shown.length < all.length ? [el('p', { class: 'more' }, button(t('more', { count: all.length - shown.length }), () => { kept[id] = true; draw(true); }))] : []));
    // The button is gone: what it brought is where the reader goes on.
    if (focus) {
      const next = drawn.querySelectorAll('tbody tr')[FIRST];
      next.tabIndex = -1;
      next.focus();
    }
  };
  draw();
  return holder;
}
