// The logs page from files to report: what is asked, what is shown, and nothing about how each part looks.

import { ApiFailure } from '../api.js';
import { el } from '../dom.js';
import { moreWords, t, wireLanguage } from '../i18n.js';
import { pasted, pickFiles, wireGiving } from '../intake.js';
import { sayRefused } from '../refused.js';
import { wireTheme } from '../theme.js';
import { sayCancelled, sayFailure, sayNothing, tickRetry, verdictElement } from '../verdict.js';
import { sayWorking } from './answer.js';
import { formats as loadFormats, readLogs } from './asking.js';
import { cards } from './cards.js';
import { EXAMPLE } from './example.js';
import { LogFiles } from './files.js';
import { asked, brief, untouched } from './settings.js';
import { welcome } from './welcome.js';

const form = document.querySelector('#intake');
const list = document.querySelector('#cards');
const complaint = document.querySelector('#ask-error');
const drawer = document.querySelector('#settings');
const view = document.querySelector('#view');
const verdict = verdictElement(document.querySelector('#verdict'));

/** What is on the page: `shown` is `welcome`, `working`, `cancelled`, `failed` or `report`. `sent` = the question of the report. */
const state = { shown: 'welcome', logs: new LogFiles(), set: untouched(), formats: [], report: null, sent: null, failure: null, work: null, since: 0, progress: null, stale: false };
let report = null;
let parts = null;
/** What the reader opened inside a report; a change of language keeps it. */
let kept = {};

function draw() {
  const lost = verdict.root.contains(document.activeElement) || view.contains(document.activeElement);
  let title = t('logs.title');
  view.className = state.shown === 'report' ? 'findings' : '';
  if (state.shown !== 'report') view.replaceChildren();
  switch (state.shown) {
    case 'working': sayWorking(verdict, { ...state, cancel }); break;
    case 'cancelled': sayCancelled(verdict, run); break;
    case 'failed': state.failure.kind === 'caller' ? sayRefused(verdict, state.failure.problem) : sayFailure(verdict, state.failure, run); break;
    case 'report': title = report(verdict, view, { report: state.report, ...state.sent, kept, side: staleNote() }); break;
    default: sayNothing(verdict); view.replaceChildren(welcome(state.formats, tryExample));
  }
  document.title = `${title} · scraplens`;
  if (lost && document.activeElement === document.body) verdict.text.focus();
}

function staleNote() {
  return state.stale ? el('p', { class: 'kept', role: 'status' }, t('verdict.stale')) : null;
}

/** Draws the cards anew and keeps the focus where the reader's hand was. */
function drawForm({ removed } = {}) {
  list.replaceChildren(...cards(state.logs, { read: state.stale ? [] : (state.report?.files ?? []), changed }));
  document.querySelector('#settings-brief').textContent = brief(state.set, state.formats);
  form.classList.toggle('has-cards', state.logs.list.length > 0);
  if (removed !== undefined) (list.lastElementChild?.querySelector('.remove') ?? document.querySelector('#paste')).focus();
}

function changed(what) {
  complain(null);
  if (state.report && !state.stale) {
    state.stale = true;
    if (state.shown === 'report') verdict.side.replaceChildren(staleNote());
  }
  if (what) drawForm(what);
  else document.querySelector('#settings-brief').textContent = brief(state.set, state.formats);
}

function take(name, file) {
  const log = state.logs.add(name, file);
  loadParts();
  changed({});
  document.querySelector('#added').textContent = t('cards.added', { name: log.name });
}

/** An empty file would be read as a log in which nothing happened. */
function takeFiles(files) {
  for (const file of files) {
    if (file.size) take(file.name, file);
    else complain(t('ask.nothing', { name: file.name }));
  }
}

function takeText(text) {
  take('paste.log', new Blob([text], { type: 'text/plain' }));
}

function complain(sentence) {
  complaint.textContent = sentence ?? '';
}

/** Few readers open the settings: their fields are loaded then. */
async function drawSettings() {
  if (!drawer.open) return;
  const [{ fields }] = await Promise.all([import('./fields.js'), moreWords('logs-settings')]);
  const pick = (taken) => pickFiles(async ([file]) => taken(file.name, await file.text()), false);
  drawer.lastElementChild.replaceChildren(fields(state.set, { formats: state.formats, changed: () => changed(null), pick }));
}

/** What shows a report is loaded when there is something to read. */
async function loadParts() {
  parts ??= Promise.all([import('./report.js'), moreWords('traffic'), moreWords('problems')]);
  try {
    [{ report }] = await parts;
  } catch {
    // The server cannot be reached: the question will say so.
    parts = null;
  }
}

const FIELDS = { 'ask.proxies': '#set-proxies', 'ask.ranges': '#ranges-text', 'ask.times': '#set-since' };

/** Sends what is on the page. A newer question replaces an older one. */
async function run() {
  const text = pasted();
  if (text !== null) takeText(text);
  const set = asked(state.set);
  if (!state.logs.list.length || typeof set === 'string') {
    complain(t(typeof set === 'string' ? set : 'ask.empty'));
    if (typeof set === 'string') {
      drawer.open = true;
      await drawSettings();
    }
    document.querySelector(FIELDS[set] ?? '#paste').focus();
    return;
  }
  state.work?.abort();
  const work = new AbortController();
  const logs = [...state.logs.list];
  Object.assign(state, { shown: 'working', since: Date.now(), work, progress: null });
  complain(null);
  draw();
  verdict.root.scrollIntoView({ block: 'nearest' });
  try {
    const progress = (step) => { if (state.work === work) state.progress = step; };
    const answer = await readLogs(logs, set, { signal: work.signal, progress }).finally(loadParts);
    await parts;
    if (!report) throw new ApiFailure(navigator.onLine ? 'unreachable' : 'offline');
    if (state.work !== work) return;
    kept = {};
    Object.assign(state, { shown: 'report', report: answer, sent: { names: logs.map(({ name }) => name), set }, stale: false });
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

function tryExample() {
  if (!state.logs.named(EXAMPLE.name)) take(EXAMPLE.name, new Blob([EXAMPLE.text], { type: 'text/plain' }));
  run();
}

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
await wireLanguage(document.querySelector('#language'), ['logs'], () => {
  // What was announced in the other language was heard.
  document.querySelector('#added').textContent = '';
  complain(null);
  drawSettings();
  drawForm();
  draw();
});
wireGiving({ files: takeFiles, text: takeText });
drawForm();
draw();
state.formats = await loadFormats();
drawForm();
if (state.shown === 'welcome') draw();
