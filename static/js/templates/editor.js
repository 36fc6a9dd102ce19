// The editor: a text box like any other, and under it the same text painted, with line numbers, colours and marks at their lines.
// The box grows with its text and the sheet around it scrolls, so both never drift apart.

import { el } from '../dom.js';
import { endOfWord, pieces, words } from './colours.js';
import { common, inLine, lineOf, offsetOf } from './places.js';

const INDENT = '  ';
/** A larger text is not coloured, so that typing stays quick. */
const MOST_COLOURED = 80_000;
const GRAVITY = ['error', 'warning', 'info'];

/** `changed()` is told of every change of the text, `moved(line)` of every line the cursor comes to. */
export function editor(root, { changed, moved }) {
  const area = root.querySelector('textarea');
  const paint = root.querySelector('.paint');
  const scroll = root.querySelector('.scroll');
  let syntax = 'json';
  let lines = [];
  let marks = [];
  let leaving = false;
  let at = 0;

  function draw() {
    const now = area.value.split('\n');
    const { head, tail } = common(lines, now);
    // A line that was touched loses its marks: they are about what stood there before.
    const fresh = now.slice(head, now.length - tail).map(() => []);
    const old = paint.children;
    for (let left = lines.length - head - tail; left > 0; left -= 1) old[head].remove();
    const before = old[head] ?? null;
    const plain = area.value.length > MOST_COLOURED;
    for (let index = head; index < now.length - tail; index += 1) paint.insertBefore(row(now[index], [], plain), before);
    marks = [...marks.slice(0, head), ...fresh, ...marks.slice(marks.length - tail, marks.length)];
    lines = now;
    root.style.setProperty('--digits', String(String(lines.length).length));
  }

  function row(line, some, plain) {
    const worst = GRAVITY.find((severity) => some.some(({ kind }) => kind === severity));
    return el('span', { class: worst ? `line ${worst}` : 'line' },
      el('span', {}, pieces(line, plain ? [] : words(line, syntax), some).map(({ text, kind, mark }) => (kind || mark
        ? el('span', { class: [kind, mark && `wavy ${mark}`].filter(Boolean).join(' ') }, text) : text)), '\n'));
  }

  /** Puts `text` in the place of a part as a keyboard would, so that it can be undone. */
  function type(text, from = area.selectionStart, to = area.selectionEnd) {
    area.focus();
    area.setSelectionRange(from, to);
    if (!document.execCommand('insertText', false, text)) {
      area.setRangeText(text, from, to, 'end');
      draw();
      changed();
    }
  }

  function look() {
    const line = lineOf(area.value, area.selectionStart);
    if (line === at) return;
    at = line;
    moved(line);
  }

  function indent(event) {
    const { selectionStart: from, selectionEnd: to, value } = area;
    const start = value.lastIndexOf('\n', from - 1) + 1;
    event.preventDefault();
    if (!event.shiftKey && from === to) return type(INDENT);
    // Whole lines move, and stay selected.
    const end = value.indexOf('\n', Math.max(from, to - 1));
    const block = value.slice(start, end < 0 ? value.length : end);
    const moved = event.shiftKey ? block.replace(/^ {1,2}/gm, '') : block.replace(/^(?=.)/gm, INDENT);
    if (moved === block) return undefined;
    type(moved, start, start + block.length);
    return from === to ? area.setSelectionRange(Math.max(start, from - (block.length - moved.length)), Math.max(start, from - (block.length - moved.length))) : area.setSelectionRange(start, start + moved.length);
  }

  area.addEventListener('keydown', (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    // Escape lets the next Tab leave, so that no keyboard is caught here.
    if (event.key === 'Tab' && !leaving) indent(event);
    else if (event.key === 'Enter' && !event.shiftKey) {
      const start = area.value.lastIndexOf('\n', area.selectionStart - 1) + 1;
      const line = area.value.slice(start, area.selectionStart);
      event.preventDefault();
      type(`\n${/^[ \t]*/.exec(line)[0]}${/[{[]\s*$/.test(line) ? INDENT : ''}`);
    }
    leaving = event.key === 'Escape' || (leaving && event.key === 'Shift');
  });
  area.addEventListener('blur', () => { leaving = false; });
  area.addEventListener('input', () => { draw(); changed(); look(); });
  document.addEventListener('selectionchange', () => { if (document.activeElement === area) look(); });

  return {
    get text() {
      return area.value;
    },
    /** The line the cursor is at. */
    get line() {
      return lineOf(area.value, area.selectionStart);
    },
    /** Shows another text; `undoable` as if it were typed. */
    set(text, { language = 'json', undoable = false } = {}) {
      if (language !== syntax) {
        syntax = language;
        [lines, marks] = [[], []];
        paint.replaceChildren();
      }
      if (undoable) {
        type(text, 0, area.value.length);
        area.setSelectionRange(0, 0);
      } else {
        area.value = text;
        area.setSelectionRange(0, 0);
        draw();
      }
      scroll.scrollTo(0, 0);
      at = 0;
    },
    /** Marks problems at their lines: `[{ line, column, severity }]`. */
    mark(problems) {
      const found = lines.map(() => []);
      const sorted = problems.filter(({ line }) => line >= 1 && line <= lines.length).sort((a, b) => GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity));
      for (const { line, column, severity } of sorted) {
        const text = lines[line - 1];
        const from = column ? Math.min(inLine(text, column), Math.max(0, text.length - 1)) : text.search(/\S|$/);
        found[line - 1].push({ from, to: endOfWord(text, from, syntax), kind: severity });
      }
      const plain = area.value.length > MOST_COLOURED;
      found.forEach((some, index) => {
        if (JSON.stringify(some) === JSON.stringify(marks[index] ?? [])) return;
        paint.children[index].replaceWith(row(lines[index], some, plain));
      });
      marks = found;
      area.setAttribute('aria-invalid', String(problems.some(({ severity }) => severity === 'error')));
    },
    /** Puts the cursor at a place and brings it into sight. */
    go(place) {
      const offset = offsetOf(area.value, place);
      area.focus({ preventScroll: true });
      area.setSelectionRange(offset, offset);
      const shown = paint.children[Math.min(place.line, lines.length) - 1];
      scroll.scrollTop = Math.max(0, shown.offsetTop - scroll.clientHeight / 2);
      scroll.scrollLeft = 0;
      root.scrollIntoView({ block: 'nearest' });
      look();
    },
    focus() {
      area.focus();
    },
  };
}
