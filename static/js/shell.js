// Words for a shell.

/** One word of a POSIX shell: quoted only if it needs to be. */
export function shellWord(word) {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
