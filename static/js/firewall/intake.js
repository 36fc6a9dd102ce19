// Takes dumps in: files are read as text here, for what is sent is text.

import { t } from '../i18n.js';
import { pasted, pickFiles, wireGiving } from '../intake.js';
import { MOST, decode } from './dumps.js';

/** Reads files one after the other. What cannot be read is told to `complain`. */
export async function readAll(files, take, complain) {
  for (const file of files) {
    if (file.size > MOST.bytes) {
      complain(t('ask.large', { name: file.name, megabytes: MOST.bytes >> 20 }));
      continue;
    }
    try {
      take(file.name, decode(new Uint8Array(await file.arrayBuffer())));
    } catch {
      // A folder, or a file that is gone.
      complain(t('ask.unreadable', { name: file.name }));
    }
  }
}

/** Lets the reader choose files. */
export function pick(take, complain, multiple = true) {
  pickFiles((files) => readAll(files, take, complain), multiple);
}

/** What stands in the box becomes a dump of its own. */
export function takePasted(take) {
  const text = pasted();
  if (text !== null) take('paste.txt', text);
}

/** `take(name, text)` gets each dump, `complain(sentence)` what went wrong. */
export function wireIntake(take, complain) {
  wireGiving({ files: (files) => readAll(files, take, complain), text: (text) => take('paste.txt', text) });
}
