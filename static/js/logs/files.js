// The logs a reader has given. Files stay where they are until they are sent; nothing here is stored. Pure.

import { freeName } from '../names.js';

/** Logs of one question: `{ id, name, file }`; `file` is a File or a Blob. */
export class LogFiles {
  #next = 1;
  list = [];

  /** Takes in a file under a name that no other has. */
  add(name, file) {
    const log = { id: this.#next, name: freeName(name, (taken) => this.named(taken), 'access.log'), file };
    this.#next += 1;
    this.list.push(log);
    return log;
  }

  remove(log) {
    this.list = this.list.filter((one) => one !== log);
  }

  named(name) {
    return this.list.find((log) => log.name === name);
  }

  /** Bytes to send. */
  get bytes() {
    return this.list.reduce((sum, { file }) => sum + file.size, 0);
  }
}

/** How a file is packed, by its name; the server looks at its first bytes. */
export function packed(name) {
  if (/\.gz$/i.test(name)) return 'gzip';
  return /\.(zst|zstd)$/i.test(name) ? 'zstd' : null;
}
