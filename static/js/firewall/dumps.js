// The dumps a reader has given, in path order. They live in this page's memory and nowhere else: nothing here is stored.

import { freeName } from '../names.js';

/** What the server reads at most in one question, by its own defaults; more would be refused there anyway. */
export const MOST = { files: 32, bytes: 16 << 20 };

/** Dumps of one question: `{ id, name, text, format, sees, behind, port, apart }`; `port` = where a balancer sends visits, `apart` = a layer of its own. */
export class Dumps {
  #next = 1;
  list = [];

  /** Takes in a text under a name that no other has. */
  add(name, text, more = {}) {
    const dump = { id: this.#next, name: freeName(name, (taken) => this.named(taken), 'dump.txt'), text, format: 'auto', sees: 'direct', behind: '', port: '', apart: false, ...more };
    this.#next += 1;
    this.list.push(dump);
    return dump;
  }

  remove(dump) {
    this.list = this.list.filter((one) => one !== dump);
  }

  /** Moves a dump by `step` places. */
  move(dump, step) {
    const from = this.list.indexOf(dump);
    const to = from + step;
    if (from < 0 || to < 0 || to >= this.list.length) return false;
    this.list.splice(to, 0, ...this.list.splice(from, 1));
    return true;
  }

  named(name) {
    return this.list.find((dump) => dump.name === name);
  }

  /** As the API takes them. */
  asked(only = this.list) {
    return only.map(({ name, text, format, sees, behind, port, apart }) => ({ name, text, format, ...(apart && { layer: name }), ...(sees !== 'direct' && ports(port)?.[0] && { port: ports(port)[0] }), sees: sees === 'balancer' && behind.trim() ? `balancer=${behind.trim()}` : sees }));
  }
}

/** The text of a file: UTF-8, else UTF-16 where its first bytes say so, else EUC-KR, as old Korean tools write. */
export function decode(bytes) {
  const [first, second] = bytes;
  const marked = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : null;
  if (marked) return new TextDecoder(marked).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('euc-kr').decode(bytes);
  }
}

/** Ports as typed: `80, 443`. `null` if something else stands there. */
export function ports(typed) {
  const words = typed.split(/[\s,]+/).filter(Boolean);
  const found = words.map(Number);
  return found.every((port, index) => /^\d{1,5}$/.test(words[index]) && port > 0 && port < 65_536) ? [...new Set(found)] : null;
}
