// Names of files. Pure.

/** `wished`, or the first of `name-2`, `name-3`, ... that is not `taken(name)`; `otherwise` where nothing was wished. */
export function freeName(wished, taken, otherwise) {
  const name = wished.trim() || otherwise;
  if (!taken(name)) return name;
  const [, stem, end] = name.match(/^(.*?)(\.[^.]*)?$/s);
  for (let number = 2; ; number += 1) {
    const other = `${stem}-${number}${end ?? ''}`;
    if (!taken(other)) return other;
  }
}
