// What the words of a template's line are, for colour. A line is read by itself: no string of JSON goes over lines. Pure.

const JSON_WORD = /("(?:[^"\\]|\\.)*"?)(\s*:)?|-?\d[\d.eE+-]*|\b(?:true|false|null)\b/g;
const TOML_WORD = /#.*|"""|'''|("(?:[^"\\]|\\.)*"?|'[^']*'?)(\s*=)?|[+-]?\d[\d_.:TZeE+-]*|\b(?:true|false)\b/g;
const TOML_KEY = /^(\s*)(\[\[?[^\]#]*\]?\]?|[\w.-]+(?=\s*=))/;
const ARGUMENT = /\$\{[^}"]*\}?/g;
/** A longer line stays grey: nobody reads it by its colours. */
const MOST = 4_000;

/** The words of `line` that have a colour: `[{ from, to, kind }]`, in order and apart. `kind`: `key` | `text` | `argument` | `number` | `word` | `remark`. */
export function words(line, syntax) {
  if (line.length > MOST) return [];
  const found = [];
  let rest = 0;
  if (syntax === 'toml') {
    const key = TOML_KEY.exec(line);
    if (key) {
      rest = key[0].length;
      found.push({ from: key[1].length, to: rest, kind: 'key' });
    }
  }
  const pattern = syntax === 'toml' ? TOML_WORD : JSON_WORD;
  pattern.lastIndex = rest;
  for (let one = pattern.exec(line); one; one = pattern.exec(line)) {
    const [whole, string, colon] = one;
    const from = one.index;
    if (string !== undefined) found.push(...(colon === undefined ? inString(string, from) : [{ from, to: from + string.length, kind: 'key' }]));
    else found.push({ from, to: from + whole.length, kind: plain(whole) });
  }
  return found;
}

function plain(word) {
  if (/^#/.test(word)) return 'remark';
  if (/^['"]/.test(word)) return 'text';
  return /^[a-z]/.test(word) ? 'word' : 'number';
}

/** A string, with the arguments `${…}` in it told apart. */
function inString(string, start) {
  const found = [];
  let at = 0;
  for (const { 0: argument, index } of string.matchAll(ARGUMENT)) {
    if (index > at) found.push({ from: start + at, to: start + index, kind: 'text' });
    found.push({ from: start + index, to: start + index + argument.length, kind: 'argument' });
    at = index + argument.length;
  }
  if (at < string.length) found.push({ from: start + at, to: start + string.length, kind: 'text' });
  return found;
}

/** Where the word at `offset` of `line` ends; without a word there, where the line's text ends. */
export function endOfWord(line, offset, syntax) {
  const key = /^"(?:[^"\\]|\\.)*"/.exec(line.slice(offset));
  if (key) return offset + key[0].length;
  const word = words(line, syntax).find(({ from, to }) => from <= offset && offset < to);
  return Math.max(word?.to ?? line.trimEnd().length, Math.min(offset + 1, line.length));
}

/**
 * Cuts a line where a word or a mark begins or ends: `[{ text, kind, mark }]`. `marks` = `[{ from, to, kind }]`; of two marks in one
 * place the first counts.
 */
export function pieces(line, coloured, marks) {
  const cuts = [...new Set([0, line.length, ...coloured.concat(marks).flatMap(({ from, to }) => [from, to])])].filter((cut) => cut >= 0 && cut <= line.length).sort((a, b) => a - b);
  const over = (all, from) => all.find((one) => one.from <= from && from < one.to)?.kind ?? null;
  const made = [];
  for (let index = 0; index + 1 < cuts.length; index += 1) {
    const [from, to] = [cuts[index], cuts[index + 1]];
    made.push({ text: line.slice(from, to), kind: over(coloured, from), mark: over(marks, from) });
  }
  return made;
}
