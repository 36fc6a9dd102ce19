// The templates page: what is written, what is asked, what is shown, and nothing about how each part looks.

import { ApiFailure, lost } from '../api.js';
import { copyButton } from '../copy.js';
import { button, el, seg } from '../dom.js';
import { language, moreWords, pick, t, wireLanguage } from '../i18n.js';
import { fileName, save } from '../save.js';
import { style } from '../style.js';
import { theme, wireTheme } from '../theme.js';
import { sayFailure, sayNothing, tickRetry, verdictElement } from '../verdict.js';
import { apps, check, picture, samples, templates } from './asking.js';
import { bubble } from './bubble.js';
import { editor } from './editor.js';
import { keep, restore } from './kept.js';
import { problems, tally } from './problems.js';
import { question } from './question.js';
import { sizes } from './size.js';
import { markSample, sampleButtons } from './samples.js';
import { tidy } from './tidy.js';

/** Milliseconds without a key until the server is asked. */
const PAUSE = 220;
const SLOW = 1_500;

const at = (selector) => document.querySelector(selector);
const verdict = verdictElement(at('#verdict'));
const here = at('#here');
const pageUrl = at('#page-url');

/** What is on the page; what `restore` gives is kept, the rest is the server's. */
const state = { ...restore(), samples: [], templates: [], apps: [], answer: null, work: null, failed: false, measured: false };
const look = { theme: state.theme ?? theme(), width: state.width };
let parts = null;
/** What shows custom templates and pages, once somebody wants them. */
let custom = null;
let drawArguments = () => {};
/** The reader has touched the page. */
let awake = false;
let waiting = null;
const open = { envelope: true };

const text = editor(at('#editor'), { changed: wrote, moved: sayHere });
const drawn = bubble(at('#bubble'), look, { choose: (name, value) => { state[name] = value; remember(); run(); }, save: saveAs });

const app = () => state.apps.find(({ id }) => id === state.app) ?? state.apps[0];
const chosen = () => state.templates.find(({ id }) => id === state.template) ?? state.templates[0] ?? null;
const written = () => state.mode !== 'scrape' && !(state.mode === 'custom' && chosen() && chosen().text === undefined);

function ask(byId = false) {
  return question({ ...state, ...look, text: text.text, template: chosen() }, language(), byId);
}

function remember() {
  if (written()) state.texts[state.mode] = text.text;
  keep(state);
}

/** The reader wrote something: it is asked about when the hand rests. */
function wrote() {
  remember();
  clearTimeout(waiting);
  waiting = setTimeout(run, PAUSE);
}

/** Asks about what is on the page. A newer question replaces an older one. `more.images` has the pictures measured too. */
async function run(more = {}) {
  clearTimeout(waiting);
  state.work?.abort();
  const asked = ask();
  if (!asked) {
    state.answer = null;
    return draw();
  }
  const work = new AbortController();
  state.work = work;
  const slow = setTimeout(() => { if (state.work === work) at('#bench').classList.add('busy'); }, SLOW);
  try {
    const answer = await check({ ...asked, ...more }, work.signal);
    // What was written meanwhile is asked about in a moment.
    if (state.work !== work || (asked.text !== undefined && asked.text !== text.text)) return undefined;
    Object.assign(state, { answer, failed: false, work: null, measured: Boolean(more.images) });
    sayNothing(verdict);
    draw();
    if (awake) loadParts();
  } catch (error) {
    if (work.signal.aborted || state.work !== work) return undefined;
    if (!(error instanceof ApiFailure)) throw error;
    Object.assign(state, { failed: error, work: null });
    sayFailure(verdict, error, () => run(more));
    drawn.stale(t('bubble.lost'));
  } finally {
    clearTimeout(slow);
    if (!state.work) at('#bench').classList.remove('busy');
  }
  return undefined;
}

/** Shows the last answer. */
function draw() {
  const { answer } = state;
  const all = answer?.check.problems ?? [];
  text.mark(written() ? all : []);
  problems(at('#problems'), answer ? all : null, { jump: (place) => text.go(place), measure: state.measured || !answer?.message || state.mode === 'scrape' ? null : () => run({ images: true }) });
  markSample(at('#samples'), state.samples, text.text);
  const said = answer ? (tally(all) ?? t('problems.none')) : '';
  if (at('#said').textContent !== said) at('#said').textContent = said;
  drawArguments(answer, Boolean(state.url));
  at('#size').replaceChildren(...(written() && answer ? sizes(answer.check.size) : []));
  drawPage();
  drawn.show(answer ?? {}, { old: t('bubble.broken'), none: t(answer ? 'bubble.never' : state.mode === 'scrape' ? 'bubble.no-page' : 'bubble.none') });
  sayHere();
  if (answer) parts?.answered(answer);
}

/** What stands below is loaded for readers who stay, once there is something to put there. */
async function loadParts() {
  if (parts || !state.answer) return;
  parts = { answered() {}, stop() {} };
  let loaded;
  try {
    loaded = await Promise.all([import('./below.js'), moreWords('share'), style('share')]);
  } catch {
    // The server cannot be reached: the next answer tries again.
    parts = null;
    return;
  }
  parts = loaded[0].below(at('#view'), state, { app: app(), ask, keep: remember, open });
  if (state.answer) parts.answered(state.answer);
}

/** Below the editor: what is wrong in the line of the cursor. */
function sayHere() {
  const some = written() ? (state.answer?.check.problems ?? []).filter(({ line }) => line === text.line) : [];
  here.replaceChildren(...(some.length ? some.slice(0, 2).flatMap(({ severity, message }) => [el('span', { class: `severity ${severity}` }, t(`severity.${severity}`)), ' ', el('bdi', {}, pick(message)), ' '])
    : [el('span', { class: 'quietly' }, t('editor.hint'))]));
}

/** The address field: for a page by itself, or for a template that a page fills. */
function drawPage() {
  const { mode, answer } = state;
  const fills = mode === 'custom' && Boolean(state.url || answer?.check.scrap_arguments?.length || chosen()?.scrap_arguments?.length);
  at('#page-form').hidden = !(mode === 'scrape' || fills);
  at('#page-note').textContent = t(mode === 'scrape' ? 'page.note' : 'page.fills');
  at('#scraped').replaceChildren(...(custom && answer?.report && mode !== 'default' ? [custom.scraped(answer.report)] : []));
}

/** Everything that stands around the editor, in the language and the way now chosen. */
function drawBench() {
  const { mode } = state;
  at('#mode').replaceChildren(seg(t('mode.label'), ['default', 'custom', 'scrape'].map((name) => [name, t(`mode.${name}`)]), mode, switchTo));
  at('#source-h').textContent = t(`mode.${mode}`);
  at('#editor').hidden = !written();
  at('#tools').hidden = !written();
  at('#tools').replaceChildren(...(mode === 'custom' && state.syntax === 'toml' ? [] : [button(t('editor.tidy'), lay, { id: 'tidy' })]), ...copyButton(() => text.text, t('editor.label')));
  drawSamples();
  const several = at('#app');
  several.hidden = state.apps.length < 2;
  several.querySelector('select').replaceChildren(...state.apps.map(({ id, name }) => el('option', { value: id, selected: id === app()?.id }, name)));
  drawn.words();
  drawPage();
}

function drawSamples() {
  const { mode } = state;
  const focused = document.activeElement?.dataset?.sample;
  at('#samples').replaceChildren(...(mode === 'default' ? [sampleButtons(state.samples, load)] : mode === 'custom' && custom ? [custom.templateChoice(state.templates, chosen(), take)] : []));
  markSample(at('#samples'), state.samples, text.text);
  if (focused) at(`[data-sample="${CSS.escape(focused)}"]`)?.focus();
}

/** Another of the three ways; each keeps its own text. */
async function switchTo(mode) {
  remember();
  if (!(await loadCustom(mode))) return drawBench();
  state.mode = mode;
  begin();
  drawBench();
  at('#mode [aria-pressed="true"]').focus();
  remember();
  return run();
}

/** What `mode` needs besides the editor; false if the server cannot be reached. */
async function loadCustom(mode) {
  if (mode === 'default' || custom) return true;
  try {
    custom = await import('./custom.js');
  } catch {
    sayFailure(verdict, lost(), () => switchTo(mode));
    return false;
  }
  drawArguments = custom.argumentFields(at('#arguments'), state.args, wrote);
  return true;
}

/** Puts the text of the way now chosen into the editor. */
function begin() {
  const { mode } = state;
  if (mode !== 'scrape') {
    const own = mode === 'custom' ? chosen() : null;
    if (own && !state.texts.custom) state.syntax = own.syntax ?? 'toml';
    text.set(state.texts[mode] || (mode === 'default' ? state.samples[0]?.text : own?.text) || '', { language: mode === 'default' ? 'json' : state.syntax });
  }
  pageUrl.value = state.url;
  drawn.forget();
  state.answer = null;
}

/** A sample goes into the editor, and can be undone there. */
function load(sample) {
  const before = document.activeElement;
  text.set(sample.text, { undoable: true });
  before?.focus();
  markSample(at('#samples'), state.samples, text.text);
  run();
}

/** A custom template of the sandbox. */
function take(template) {
  state.template = template.id;
  state.texts.custom = template.text ?? null;
  begin();
  drawBench();
  at('#template').focus();
  remember();
  run();
}

function lay() {
  const laid = tidy(text.text);
  if (laid === null) at('#said').textContent = t('editor.untidy');
  else if (laid !== text.text) text.set(laid, { undoable: true });
}

async function saveAs(format) {
  try {
    save(`${fileName('scraplens', state.mode === 'default' ? state.answer?.check.object_type : state.mode, look.theme)}.${format}`, '', await picture(format, ask()));
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    drawn.failed(error);
  }
}

at('#page-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const typed = pageUrl.value.trim();
  state.url = !typed || /^[a-z][a-z0-9+.-]*:/i.test(typed) ? typed : `https://${typed}`;
  pageUrl.value = state.url;
  remember();
  run();
});
at('#app select').addEventListener('change', async (event) => {
  state.app = Number(event.target.value);
  remember();
  renew();
  run();
});
for (const sign of ['scroll', 'keydown', 'pointerdown', 'input']) addEventListener(sign, () => { if (!awake) { awake = true; loadParts(); } }, { passive: true });
addEventListener('online', () => { if (state.failed) run(); });
setInterval(() => {
  const retry = verdict.side.querySelector('.retry');
  if (retry?.dataset.at) tickRetry(retry);
}, 250);

/** What stands below is of another app, or in another language. */
function renew() {
  if (!parts) return;
  parts.stop();
  parts = null;
  loadParts();
}

wireTheme(at('#theme'), () => {
  if (state.theme || look.theme === theme()) return;
  look.theme = theme();
  drawn.words();
  run();
});
await wireLanguage(at('#language'), ['templates'], () => {
  document.title = `${t('templates.title')} · scraplens`;
  if (state.failed) sayFailure(verdict, state.failed, () => run());
  drawBench();
  draw();
  renew();
  // The message has words of the server's own.
  run();
});
document.title = `${t('templates.title')} · scraplens`;
if (!(await loadCustom(state.mode))) state.mode = 'default';
const lists = await Promise.allSettled([samples(), templates(), apps()]);
[state.samples, state.templates, state.apps] = lists.map(({ value }) => value ?? []);
const unknown = lists[0].reason;
begin();
drawBench();
if (unknown instanceof ApiFailure && !state.texts[state.mode]) sayFailure(verdict, unknown, () => location.reload());
run();
