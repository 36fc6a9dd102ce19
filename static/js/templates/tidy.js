// Lays JSON out anew. Only white space changes: numbers keep their digits, strings their escapes, and a key that stands twice stays. Pure.

const WORD = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const STEP = '  ';

/** `text` with one member a line; `null` if it is not JSON. */
export function tidy(text) {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const all = text.match(WORD);
  let made = '';
  let depth = 0;
  const line = () => { made += `\n${STEP.repeat(depth)}`; };
  for (let index = 0; index < all.length; index += 1) {
    const one = all[index];
    const next = all[index + 1];
    if ('{['.includes(one)) {
      made += one;
      if (next === (one === '{' ? '}' : ']')) {
        made += next;
        index += 1;
      } else {
        depth += 1;
        line();
      }
    } else if ('}]'.includes(one)) {
      depth -= 1;
      line();
      made += one;
    } else {
      made += one === ':' ? ': ' : one;
      if (one === ',') line();
    }
  }
  return made;
}
