// The lines of a dump, and what of them can be shown. Pure.

/** Nobody reads more of a line here. */
const MOST_CHARACTERS = 1_000;

/** Characters that would hide, or turn text around, by their names. */
const UNSEEN = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g;

/** A line as it can be shown: what cannot be seen is named, what is longer than `most` is cut. */
export function visible(line, most = MOST_CHARACTERS) {
  const cut = line.length > most ? `${line.slice(0, most)} … (+${(line.length - most).toLocaleString('en')})` : line;
  return cut.replace(UNSEEN, (character) => `‹U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}›`);
}

/** The lines of a text, as the server counts them: each ends at `\n`. */
export class Lines {
  #text;
  #starts = [0];

  constructor(text) {
    this.#text = text;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
    if (this.#starts.length > 1 && this.#starts.at(-1) === text.length) this.#starts.pop();
  }

  get count() {
    return this.#starts.length;
  }

  /** A line by its number, from 1. */
  at(number) {
    return this.#text.slice(this.#starts[number - 1], this.#starts[number]).replace(/\r?\n$/, '');
  }
}
