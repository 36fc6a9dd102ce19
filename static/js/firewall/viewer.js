// The dumps with line numbers. Only the lines in sight are in the page, so a dump of a million lines scrolls like a short one.

import { el, foreign, seg } from '../dom.js';
import { t } from '../i18n.js';
import { Lines, visible } from './lines.js';

/** Height of a line in CSS pixels; `.dump li` has the same. */
const LINE = 22;
const BEYOND = 12;
/** Browsers end an element at some ten million pixels: of a longer dump, this many lines around the one looked at can be scrolled. */
const MOST_LINES = 300_000;
/** `files` = `[{ name, text }]`. Returns `{ element, show({ file, line, column, kind }) }`. */
export function viewer(files) {
  const known = new Map();
  const lines = (name) => {
    if (!known.has(name)) known.set(name, new Lines(files.find((file) => file.name === name)?.text ?? ''));
    return known.get(name);
  };
  let shown = { file: null, line: 0 };
  let base = 0;
  const list = el('ol', {});
  const space = el('div', { class: 'space' }, list);
  const box = el('div', { class: 'dump', tabindex: '0', role: 'region', onscroll: () => draw() }, space);
  const head = el('div', { class: 'dump-head' });
  const element = el('div', { class: 'viewer' }, head, box);
  // The box may have no height yet when it is filled.
  new ResizeObserver(() => draw()).observe(box);

  function draw() {
    const all = lines(shown.file);
    const end = Math.min(all.count, base + MOST_LINES);
    const first = Math.max(base, base + Math.floor(box.scrollTop / LINE) - BEYOND);
    const last = Math.min(end, first + Math.ceil((box.clientHeight || 400) / LINE) + 2 * BEYOND);
    space.style.height = `${(end - base) * LINE}px`;
    list.style.transform = `translateY(${(first - base) * LINE}px)`;
    list.style.setProperty('--digits', String(String(end).length));
    list.replaceChildren(...Array.from({ length: Math.max(0, last - first) }, (_, index) => row(first + index + 1, all)));
  }

  function row(number, all) {
    const here = number === shown.line;
    return el('li', { class: here ? shown.kind : null, 'data-line': number, 'aria-current': here ? 'true' : null },
      el('span', { class: 'number' }, String(number)), el('code', { dir: 'ltr' }, visible(all.at(number))));
  }

  return {
    element,
    show({ file, line, kind = 'decides' }) {
      const name = files.some((one) => one.name === file) ? file : (shown.file ?? files[0]?.name);
      shown = { file: name, line: name === file ? (line ?? 0) : 0, kind };
      const all = lines(name);
      base = all.count > MOST_LINES ? Math.max(0, Math.min(all.count - MOST_LINES, shown.line - MOST_LINES / 2)) : 0;
      head.replaceChildren(files.length > 1 ? seg(t('viewer.file'), files.map((one) => [one.name, foreign(one.name)]), name, (chosen) => this.show({ file: chosen }))
        : foreign(name ?? '', { class: 'mono' }), el('span', { class: 'quietly' }, t('count.lines', { count: all.count })));
      box.setAttribute('aria-label', t('viewer.label', { file: name ?? '' }));
      draw();
      box.scrollTop = Math.max(0, (shown.line - base - 0.5) * LINE - (box.clientHeight || 240) / 2);
      box.scrollLeft = 0;
      draw();
    },
  };
}
