// The lines of a page's source, numbered, with the tags that decided marked in them. Loads when the source is opened.

import { el } from './dom.js';
import { t, word } from './i18n.js';

/** How a tag is marked, strongest last. */
const KINDS = ['seen', 'info', 'used', 'warning', 'error'];
/** A tag that spans more lines than these is not followed. */
const TAG_LINES = 40;

/** `answer` = { lines, total_lines, truncated }, as the server gives it: a line is `{ number, column, text, cut }`, a long one comes in pieces. */
export function listing({ lines, total_lines: all, truncated }, report) {
  const found = marks(lines, starts(report));
  let last = 0;
  const rows = lines.map((line) => {
    const gap = line.number - last - 1;
    last = line.number;
    return [gap > 0 ? gapRow(gap) : null, lineRow(line, found.get(line) ?? [])];
  });
  return [
    el('p', { class: 'legend' }, KINDS.toReversed().map((kind) => el('mark', { class: kind }, word('source.mark', kind)))),
    el('ol', { class: 'lines', tabindex: '0', 'aria-label': t('source.heading') }, rows, all > last ? gapRow(all - last) : null),
    truncated ? el('p', { class: 'quietly' }, t('source.truncated')) : '',
  ];
}

/** Where marked tags begin: every tag that was read, those the card uses, and those a finding names. */
function starts(report) {
  const found = new Map();
  const add = (kind, places) => {
    for (const place of places) {
      if (!place?.line || !place.column) continue;
      const key = `${place.line}:${place.column}`;
      if (KINDS.indexOf(kind) > KINDS.indexOf(found.get(key)?.kind)) found.set(key, { ...place, kind });
    }
  };
  add('seen', report.tags ?? []);
  add('used', [...Object.values(report.card?.sources ?? {}), ...(report.card?.images ?? [])]);
  for (const finding of report.findings ?? []) add(finding.severity, [finding]);
  return [...found.values()];
}

/** Each tag from its `<` to its `>`, as `{ from, to, kind }` per line, in characters of its text. A tag may span lines. */
export function marks(lines, places) {
  const found = new Map();
  for (const { line, column, kind } of places) {
    let at = lines.findIndex((one) => one.number === line && one.column <= column && column < one.column + [...one.text].length);
    let from = column - lines[at]?.column;
    let [quote, before, closed] = ['', '', false];
    for (const end = at + TAG_LINES; at >= 0 && at < end && !closed; at += 1) {
      const characters = [...lines[at].text];
      let to = from;
      while (to < characters.length && !closed) {
        const character = characters[to];
        if (quote) quote = character === quote ? '' : quote;
        else if (before === '=' && (character === '"' || character === "'")) quote = character;
        else closed = character === '>';
        if (character.trim()) before = character;
        to += 1;
      }
      if (to > from) found.set(lines[at], [...(found.get(lines[at]) ?? []), { from, to, kind }]);
      from = 0;
      const next = lines[at + 1];
      if (lines[at].cut || next?.number !== lines[at].number + 1 || next.column > 1) break;
    }
  }
  for (const ranges of found.values()) ranges.sort((a, b) => a.from - b.from);
  return found;
}

function gapRow(count) {
  return el('li', { class: 'gap' }, t('source.gap', { count }));
}

function lineRow({ number, column, text, cut }, ranges) {
  const characters = [...text];
  const pieces = [column > 1 ? '…' : ''];
  let at = 0;
  for (const { from, to, kind } of ranges) {
    if (from < at) continue;
    pieces.push(characters.slice(at, from).join(''), el('mark', { class: kind, 'data-column': column + from, title: word('source.mark', kind) }, characters.slice(from, to).join('')));
    at = to;
  }
  pieces.push(characters.slice(at).join(''), cut ? '…' : '');
  return el('li', { 'data-line': number, tabindex: '-1' }, el('span', { class: 'number' }, String(number)), el('code', { dir: 'ltr' }, pieces));
}
