// The firewall page from dumps to report: what is asked, what is shown, and nothing about how each part looks.

import { ApiFailure } from '../api.js';
import { el, panel } from '../dom.js';
import { moreWords, pick as words, t, wireLanguage } from '../i18n.js';
import { style } from '../style.js';
import { wireTheme } from '../theme.js';
import { sayCancelled, sayFailure, sayNothing, tickRetry, verdictElement } from '../verdict.js';
import { sayRefused, sayWorking } from './answer.js';
import { check, fix, formats as loadFormats, ownList } from './asking.js';
import { cards } from './cards.js';
import { Dumps, MOST } from './dumps.js';
import { EXAMPLE } from './example.js';
import { pick, takePasted, wireIntake } from './intake.js';
import { asked, brief, untouched } from './settings.js';
import { welcome } from './welcome.js';

const form = document.querySelector('#intake');
const list = document.querySelector('#cards');
const complaint = document.querySelector('#ask-error');
const drawer = document.querySelector('#settings');
const view = document.querySelector('#view');
const verdict = verdictElement(document.querySelector('#verdict'));

/** What is on the page: `shown` is `welcome`, `working`, `cancelled`, `failed` or `report`. `files` = the dumps as they were sent. */
const state = { shown: 'welcome', dumps: new Dumps(), set: untouched(), formats: [], list: null, report: null, files: [], question: null, failure: null, work: null, since: 0, stale: false };
let report = null;
let viewer = null;
let parts = null;
/** What the reader did inside a report; a change of language keeps it. */
let kept = { piece: null, fixes: {}, redraw: {} };
const opened = new Set();

function draw() {
  const lost = verdict.root.contains(document.activeElement) || view.contains(document.activeElement);
  let title = t('firewall.title');
  view.className = ['report', 'failed'].includes(state.shown) ? 'findings' : '';
  if (state.shown !== 'report') view.replaceChildren();
  switch (state.shown) {
    case 'working': sayWorking(verdict, { since: state.since, cancel }); break;
    case 'cancelled': sayCancelled(verdict, run); break;
    case 'failed': drawFailure(state.failure); break;
    case 'report': title = report(verdict, view, { ...state, kept, side: staleNote(), ask: askFix, apply }); break;
    default: sayNothing(verdict); view.replaceChildren(welcome(state.formats, tryExample));
  }
  document.title = `${title} · scraplens`;
  if (lost && document.activeElement === document.body) verdict.text.focus();
}

function drawFailure(failure) {
  const { kind, problem } = failure;
  if (kind !== 'caller') return sayFailure(verdict, failure, run);
  // A wrong list of ranges is shown like a dump; the server calls it so.
  const files = problem.code === 'ranges-malformed' ? [{ name: problem.file, text: state.set.ranges }] : state.files;
  const lines = viewer && files.some(({ name }) => name === problem.file) ? viewer(files) : null;
  sayRefused(verdict, problem, (place) => { lines?.show({ ...place, kind: 'wrong' }); lines?.element.scrollIntoView({ block: 'nearest' }); });
  if (!lines) return undefined;
  view.replaceChildren(panel('refused', t('refused.heading'), null, lines.element));
  return lines.show({ ...problem, kind: 'wrong' });
}

function staleNote() {
  return state.stale ? el('p', { class: 'kept', role: 'status' }, t('verdict.stale')) : null;
}

/** Draws the cards anew and keeps the focus where the reader's hand was. */
function drawForm({ dump, act, removed } = {}) {
  list.replaceChildren(...cards(state.dumps, { formats: state.formats, layers: state.stale ? [] : (state.report?.layers ?? []), opened, changed }));
  document.querySelector('#order').hidden = state.dumps.list.length < 2;
  document.querySelector('#settings-brief').textContent = brief(state.set, state.list);
  form.classList.toggle('has-cards', state.dumps.list.length > 0);
  if (removed !== undefined) (list.children[Math.min(removed, list.children.length - 1)]?.querySelector('.remove') ?? document.querySelector('#paste')).focus();
  if (!dump) return;
  const tools = list.querySelector(`[data-id="${dump.id}"]`);
  (tools.querySelector(`[data-act="${act}"]:enabled`) ?? tools.querySelector('[data-act]:enabled')).focus();
}

function changed(what) {
  complain(null);
  if (state.report && !state.stale) {
    state.stale = true;
    if (state.shown === 'report') verdict.side.replaceChildren(staleNote());
  }
  if (what) drawForm(what);
  else document.querySelector('#settings-brief').textContent = brief(state.set, state.list);
}

function take(name, text) {
  if (state.dumps.list.length >= MOST.files) return complain(t('ask.many', { count: MOST.files }));
  const dump = state.dumps.add(name, text);
  loadParts();
  changed({});
  document.querySelector('#added').textContent = t('cards.added', { name: dump.name });
  return dump;
}

function complain(sentence) {
  complaint.textContent = sentence ?? '';
}

/** Few readers open the settings: their fields are loaded then. */
async function drawSettings() {
  if (!drawer.open) return;
  const [{ fields }] = await Promise.all([import('./fields.js'), moreWords('settings')]);
  drawer.lastElementChild.replaceChildren(fields(state.set, { changed: () => changed(null), pick: (taken) => pick(taken, complain, false) }));
}

/** What shows a report is loaded when there is something to check. */
async function loadParts() {
  parts ??= Promise.all([import('./report.js'), import('./viewer.js'), style('firewall')]);
  try {
    [{ report }, { viewer }] = await parts;
  } catch {
    // The server cannot be reached: the question will say so.
    parts = null;
  }
}

/** Asks the server about what is on the page. A newer question replaces an older one. */
async function run() {
  takePasted(take);
  const more = asked(state.set);
  if (!state.dumps.list.length || typeof more === 'string') {
    complain(t(typeof more === 'string' ? more : 'ask.empty'));
    if (typeof more === 'string') {
      drawer.open = true;
      await drawSettings();
    }
    document.querySelector(more === 'ask.ports' ? '#set-ports' : more === 'ask.ranges' ? '#ranges-text' : '#paste').focus();
    return;
  }
  state.work?.abort();
  const work = new AbortController();
  const files = state.dumps.list.map(({ name, text }) => ({ name, text }));
  const question = { dumps: state.dumps.asked(), ...more };
  Object.assign(state, { shown: 'working', since: Date.now(), work, files, question });
  complain(null);
  draw();
  verdict.root.scrollIntoView({ block: 'nearest' });
  try {
    const answer = await check(question, work.signal).finally(loadParts);
    if (!report) throw new ApiFailure(navigator.onLine ? 'unreachable' : 'offline');
    if (state.work !== work) return;
    kept = { piece: null, fixes: {}, redraw: {} };
    Object.assign(state, { shown: 'report', report: answer, stale: false });
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

/** Asks for the change of one layer: the same question, of that layer's files only. */
async function askFix(layer) {
  const question = { ...state.question, dumps: state.question.dumps.filter(({ name }) => layer.files.includes(name)) };
  try {
    return { report: await fix(question) };
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    return { failed: words(error.problem?.detail) || t(`failure.${error.kind}`) };
  }
}

/** Puts changed files in the place of the old ones and checks again. */
function apply(files) {
  for (const { name, text } of files) Object.assign(state.dumps.named(name) ?? {}, { text });
  drawForm();
  run();
}

function tryExample() {
  if (!state.dumps.named(EXAMPLE.name)) take(EXAMPLE.name, EXAMPLE.text);
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
  if (state.shown === 'working') sayWorking(verdict, { since: state.since, cancel });
  const retry = verdict.side.querySelector('.retry');
  if (retry?.dataset.at) tickRetry(retry);
}, 100);

wireTheme(document.querySelector('#theme'), () => {});
await wireLanguage(document.querySelector('#language'), ['ranges', 'dumps', 'firewall'], () => {
  // What was announced in the other language was heard.
  document.querySelector('#added').textContent = '';
  complain(null);
  drawSettings();
  drawForm();
  draw();
});
wireIntake(take, complain);
drawForm();
draw();
[state.formats, state.list] = await Promise.all([loadFormats(), ownList()]);
drawForm();
if (state.shown === 'welcome') draw();
