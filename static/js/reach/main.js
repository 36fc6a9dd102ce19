// The reach page from an address, dumps and logs to one verdict: what is asked, what is shown, and nothing about how each part looks.

import { ApiFailure } from '../api.js';
import { el } from '../dom.js';
import { formats as loadFormats } from '../firewall/asking.js';
import { cards as dumpCards, choice } from '../firewall/cards.js';
import { moreWords, pick as words, t, wireLanguage } from '../i18n.js';
import { pasted, pickFiles, wireGiving } from '../intake.js';
import { cards as logCards } from '../logs/cards.js';
import { sayRefused } from '../refused.js';
import { style } from '../style.js';
import { wireTheme } from '../theme.js';
import { sayCancelled, sayFailure, sayNothing, tickRetry, verdictElement } from '../verdict.js';
import { sayWorking } from './answer.js';
import { exported as askExport, reach } from './asking.js';
import { Given } from './given.js';
import { address, asked, brief, untouched } from './settings.js';
import { EXAMPLES, welcome } from './welcome.js';

const form = document.querySelector('#intake');
const url = document.querySelector('#url');
const list = document.querySelector('#cards');
const complaint = document.querySelector('#ask-error');
const drawer = document.querySelector('#settings');
const view = document.querySelector('#view');
const verdict = verdictElement(document.querySelector('#verdict'));

/** What is on the page: `shown` is `welcome`, `working`, `cancelled`, `failed` or `report`. `body` = the question as it was sent. */
const state = { shown: 'welcome', given: new Given(), set: untouched(), formats: [], report: null, files: [], question: null, body: '', failure: null, work: null, since: 0, progress: null, stale: false };
let report = null;
let parts = null;
/** What the reader opened inside a report; a change of language keeps it. */
let kept = {};
const opened = new Set();

function draw() {
  const lost = verdict.root.contains(document.activeElement) || view.contains(document.activeElement);
  let title = t('reach.title');
  view.className = state.shown === 'report' ? 'findings' : '';
  if (state.shown !== 'report') view.replaceChildren();
  switch (state.shown) {
    case 'working': sayWorking(verdict, { ...state, cancel }); break;
    case 'cancelled': sayCancelled(verdict, run); break;
    case 'failed': state.failure.kind === 'caller' ? sayRefused(verdict, state.failure.problem) : sayFailure(verdict, state.failure, run); break;
    case 'report': title = report(verdict, view, { ...state, kept, side: staleNote(), exported }); break;
    default: sayNothing(verdict); view.replaceChildren(welcome(tryExample));
  }
  document.title = `${title} · scraplens`;
  if (lost && document.activeElement === document.body) verdict.text.focus();
}

function staleNote() {
  return state.stale ? el('p', { class: 'kept', role: 'status' }, t('verdict.stale')) : null;
}

/** Which of both a card is, and the switch to the other. */
function kind(one, name) {
  return choice(`${t('cards.kind')}: ${one.name}`, ['dump', 'log'].map((value) => [value, t(`kind.${value}`)]), name, async () => {
    const other = name === 'dump' ? state.given.asLog(one) : await state.given.asDump(one);
    changed({ switched: other.name });
  }, 'kind');
}

/** Draws the cards anew and keeps the focus where the reader's hand was. */
function drawForm({ dump, act, removed, switched } = {}) {
  const { dumps, logs } = state.given;
  const fresh = state.stale ? null : state.report;
  list.replaceChildren(...dumpCards(dumps, { formats: state.formats, layers: fresh?.acl?.layers ?? [], opened, changed, more: (one) => kind(one, 'dump') }),
    ...logCards(logs, { read: fresh?.logs?.files ?? [], changed, more: (one) => kind(one, 'log') }));
  document.querySelector('#settings-brief').textContent = brief(state.set);
  form.classList.toggle('has-cards', !state.given.empty);
  if (removed !== undefined) (list.lastElementChild?.querySelector('.remove') ?? document.querySelector('#paste')).focus();
  if (switched !== undefined) [...list.children].find((one) => one.querySelector('.card-name b').textContent === switched)?.querySelector('[data-act="kind"]').focus();
  if (!dump) return;
  const tools = list.querySelector(`.card:not(.log)[data-id="${dump.id}"]`);
  (tools.querySelector(`[data-act="${act}"]:enabled`) ?? tools.querySelector('[data-act]:enabled')).focus();
}

function changed(what) {
  complain(null);
  if (state.report && !state.stale) {
    state.stale = true;
    if (state.shown === 'report') verdict.side.replaceChildren(staleNote());
  }
  if (what) drawForm(what);
  else document.querySelector('#settings-brief').textContent = brief(state.set);
}

async function take(name, file) {
  try {
    const as = await state.given.add(name, file);
    loadParts();
    changed({});
    document.querySelector('#added').textContent = t('cards.added.as', { name, kind: t(`kind.${as}`) });
  } catch {
    // A folder, or a file that is gone.
    complain(t('ask.unreadable', { name }));
  }
}

async function takeFiles(files) {
  for (const file of files) await take(file.name, file);
}

function takeText(text) {
  return take('paste.txt', new Blob([text], { type: 'text/plain' }));
}

function complain(sentence) {
  complaint.textContent = sentence ?? '';
}

/** Few readers open the settings: their fields are loaded then. */
async function drawSettings() {
  if (!drawer.open) return;
  const [{ fields }] = await Promise.all([import('./fields.js'), moreWords('reach-settings')]);
  drawer.lastElementChild.replaceChildren(fields(state.set, { changed: () => changed(null), pick: (taken) => pickFiles(async ([file]) => taken(file.name, await file.text()), false) }));
}

/** What shows a report is loaded when there is something to show. */
async function loadParts() {
  parts ??= Promise.all([import('./report.js'), moreWords('traffic'), moreWords('problems'), moreWords('verdict'), ...['firewall', 'tables', 'traffic'].map(style)]);
  try {
    [{ report }] = await parts;
  } catch {
    // The server cannot be reached: the question will say so.
    parts = null;
  }
}

const FIELDS = { 'ask.proxies': '#set-proxies', 'ask.ranges': '#ranges-text' };

/** Asks for a verdict over what is on the page. A newer question replaces an older one. */
async function run() {
  const text = pasted();
  if (text !== null) await takeText(text);
  const page = address(url.value);
  const more = asked(state.set);
  if (!page || typeof more === 'string') {
    complain(t(page ? more : 'ask.empty'));
    if (page) {
      drawer.open = true;
      await drawSettings();
    }
    (page ? document.querySelector(FIELDS[more]) : url).focus();
    return;
  }
  state.work?.abort();
  const work = new AbortController();
  const { dumps } = state.given;
  const files = dumps.list.map(({ name, text: content }) => ({ name, text: content }));
  Object.assign(state, { shown: 'working', since: Date.now(), work, progress: null });
  complain(null);
  draw();
  verdict.root.scrollIntoView({ block: 'nearest' });
  try {
    const question = { url: page, dumps: dumps.asked(), logs: await state.given.logsAsked(), ...more };
    const body = JSON.stringify(question);
    const answer = await reach(body, { signal: work.signal, progress: (step) => { if (state.work === work) state.progress = step; } }).finally(loadParts);
    await parts;
    if (!report) throw new ApiFailure(navigator.onLine ? 'unreachable' : 'offline');
    if (state.work !== work) return;
    kept = {};
    Object.assign(state, { shown: 'report', report: answer, files, question, body, stale: false });
    form.classList.add('asked');
    drawer.open = false;
  } catch (error) {
    if (state.work !== work) return;
    if (work.signal.aborted) state.shown = 'cancelled';
    else if (error instanceof ApiFailure) Object.assign(state, { shown: 'failed', failure: error, report: null });
    else throw error;
  }
  draw();
  drawForm();
  verdict.root.scrollIntoView({ block: 'start' });
}

function cancel() {
  state.work?.abort();
}

/** The verdict as a document of `format`. */
async function exported(format, lang) {
  try {
    return { blob: await askExport(state.body, format, lang) };
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    return { failed: words(error.problem?.detail) || t(`failure.${error.kind}`) };
  }
}

async function tryExample() {
  url.value = EXAMPLES.url;
  for (const { name, text } of EXAMPLES.files) if (!state.given.dumps.named(name) && !state.given.logs.named(name)) await take(name, new Blob([text], { type: 'text/plain' }));
  state.set.probe = false;
  drawForm();
  drawSettings();
  run();
}

url.addEventListener('input', () => changed(null));
drawer.addEventListener('toggle', () => { if (!drawer.lastElementChild.hasChildNodes()) drawSettings(); });
form.addEventListener('submit', (event) => { event.preventDefault(); run(); });
addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && state.shown === 'working') cancel();
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && form.contains(document.activeElement)) run();
});
addEventListener('online', () => { if (state.shown === 'failed' && state.failure.kind === 'offline') run(); });
setInterval(() => {
  if (state.shown === 'working') sayWorking(verdict, { ...state, cancel });
  const retry = verdict.side.querySelector('.retry');
  if (retry?.dataset.at) tickRetry(retry);
}, 100);

wireTheme(document.querySelector('#theme'), () => {});
await wireLanguage(document.querySelector('#language'), ['ranges', 'dumps', 'reach'], () => {
  // What was announced in the other language was heard.
  document.querySelector('#added').textContent = '';
  complain(null);
  drawSettings();
  drawForm();
  draw();
});
wireGiving({ files: takeFiles, text: takeText });
// An address may come along in a link; it is asked only when the reader says so, for the probe knocks at somebody's door.
url.value = new URLSearchParams(location.search).get('url') ?? '';
drawForm();
draw();
state.formats = await loadFormats();
drawForm();
