// Saves what was made here as a file of the reader's.

import { el } from './dom.js';

/** `content` is text or a Blob. */
export function save(name, type, content) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = el('a', { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  // Some browsers read the address only after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** A file name out of a word from outside: `shop.example.kr` stays, everything odd becomes `_`. */
export function fileName(...words) {
  return words.filter(Boolean).join('-').replace(/[^\p{L}\p{N}.-]+/gu, '_').replace(/^[.-]+/, '').slice(0, 100);
}
