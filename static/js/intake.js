// Takes in what a reader gives: files that are dropped or picked, text that is pasted. What becomes of them is each page's own.

const drop = document.querySelector('#drop');
const paste = document.querySelector('#paste');
const add = document.querySelector('#add');
const input = document.querySelector('#file');

/** Lets the reader choose files. */
export function pickFiles(take, multiple = true) {
  input.multiple = multiple;
  input.value = '';
  input.onchange = () => take([...input.files]);
  input.click();
}

/** Takes the text out of the box; `null` if there is none. */
export function pasted() {
  const text = paste.value;
  if (!text.trim()) return null;
  paste.value = '';
  add.hidden = true;
  return text;
}

/** `files(list)` and `text(string)` are told what was given. */
export function wireGiving({ files, text: taken }) {
  document.querySelector('#pick').addEventListener('click', () => pickFiles(files));
  add.addEventListener('click', () => { taken(pasted()); paste.focus(); });
  paste.addEventListener('input', () => { add.hidden = !paste.value.trim(); });
  paste.addEventListener('paste', (event) => {
    const some = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData('text') ?? '';
    // A text box of many megabytes would freeze the page, and what is pasted into an empty box is whole.
    if (!some.length && (paste.value.trim() || !text.includes('\n'))) return;
    event.preventDefault();
    if (some.length) files(some);
    else taken(text);
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
    const some = [...(event.dataTransfer?.files ?? [])];
    if (!some.length) return;
    event.preventDefault();
    files(some);
  });
}
