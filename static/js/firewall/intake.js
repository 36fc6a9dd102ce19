// Takes dumps in: files that are dropped or picked, and text that is pasted.

import { t } from '../i18n.js';
import { MOST, decode } from './dumps.js';

const drop = document.querySelector('#drop');
const paste = document.querySelector('#paste');
const add = document.querySelector('#add');
const input = document.querySelector('#file');

/** Reads files one after the other. What cannot be read is told to `complain`. */
async function readAll(files, take, complain) {
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
  input.multiple = multiple;
  input.value = '';
  input.onchange = () => readAll([...input.files], take, complain);
  input.click();
}

/** What stands in the box becomes a dump of its own. True if there was something. */
export function takePasted(take) {
  const text = paste.value;
  if (!text.trim()) return false;
  paste.value = '';
  add.hidden = true;
  take('paste.txt', text);
  return true;
}

/** `take(name, text)` gets each dump, `complain(sentence)` what went wrong. */
export function wireIntake(take, complain) {
  document.querySelector('#pick').addEventListener('click', () => pick(take, complain));
  add.addEventListener('click', () => { takePasted(take); paste.focus(); });
  paste.addEventListener('input', () => { add.hidden = !paste.value.trim(); });
  paste.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData('text') ?? '';
    // A text box of many megabytes would freeze the page, and what is pasted into an empty box is whole.
    if (!files.length && (paste.value.trim() || !text.includes('\n'))) return;
    event.preventDefault();
    if (files.length) readAll(files, take, complain);
    else take('paste.txt', text);
  });
  // A file may be dropped anywhere; the zone shows that it will be taken.
  let inside = 0;
  const over = (event, by) => {
    if (![...(event.dataTransfer?.types ?? [])].some((type) => type === 'Files')) return;
    event.preventDefault();
    inside = Math.max(0, inside + by);
    drop.classList.toggle('over', inside > 0);
  };
  addEventListener('dragenter', (event) => over(event, 1));
  addEventListener('dragover', (event) => over(event, 0));
  addEventListener('dragleave', (event) => over(event, -1));
  addEventListener('drop', (event) => {
    over(event, -inside);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    readAll(files, take, complain);
  });
}
