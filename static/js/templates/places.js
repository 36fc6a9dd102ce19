// Places of a text: lines and columns as the server counts them (from 1, columns in characters), and offsets as a text box does. Pure.

/** The offset in `line` of the character at `column`. */
export function inLine(line, column) {
  let at = 0;
  for (let left = Math.max(1, column ?? 1) - 1; left > 0 && at < line.length; left -= 1) at += line.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

/** The offset in `text` of a place; a line that is not there is the last one. */
export function offsetOf(text, { line, column }) {
  let start = 0;
  for (let left = Math.max(1, line) - 1; left > 0; left -= 1) {
    const end = text.indexOf('\n', start);
    if (end < 0) break;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return start + inLine(text.slice(start, end < 0 ? text.length : end), column);
}

/** The line at `offset`, from 1. */
export function lineOf(text, offset) {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** How many lines two lists have in common at their beginnings and, apart from those, at their ends. */
export function common(before, after) {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return { head, tail };
}
