// The page from address bar to report: what is asked, what is shown, and nothing about how each part looks.

import { sayReport, sayWorking } from './answer.js';
import { ApiFailure } from './api.js';
import { reset, scrape, source as loadSource } from './asking.js';
import { againButton, cache, keptNote } from './cache.js';
import { drawer } from './dom.js';
import { findings } from './findings.js';
import { refreshAgo } from './format.js';
import { hops, waysOf } from './hops.js';
import { moreWords, t, wireLanguage } from './i18n.js';
import { images } from './images.js';
import { begin, hear, livePanels } from './live.js';
import { preview } from './preview.js';
import { command, raw } from './raw.js';
import { response } from './response.js';
import { source } from './source.js';
import { rememberRecent } from './store.js';
import { tags } from './tags.js';
import { wireTheme } from './theme.js';
import { sayCancelled, sayFailure, sayNothing, tickRetry, verdictElement } from './verdict.js';
import { welcome } from './welcome.js';

const form = document.querySelector('#ask');
const box = document.querySelector('#url');
const complaint = document.querySelector('#ask-error');
const hint = document.querySelector('#ask-hint');
const view = document.querySelector('#view');
/** Loaded when a report compares something: most do not. */
let comparisons = () => null;
const verdict = verdictElement(document.querySelector('#verdict'));

/** What is on the page: `shown` is `welcome`, `working`, `cancelled`, `failed` or `report`. `drop` = what is reset first, `dropped` = the answer to it. */
const state = { shown: 'welcome', url: '', drop: null, dropped: null, since: 0, work: null, live: null, report: null, failure: null };
/** What the reader set inside the report; a change of language keeps it. The preview's choices outlive the report. */
const kept = { text: '', region: 'all', ratio: '2:1', open: {}, preview: { kind: 'scrape', theme: null, width: 'phone' } };

function draw() {
  const lost = verdict.root.contains(document.activeElement) || view.contains(document.activeElement);
  let title = t('page.title');
  view.className = { report: 'report', working: 'report live' }[state.shown] ?? '';
  hint.hidden = state.shown !== 'welcome';
  if (state.shown !== 'report') view.replaceChildren();
  switch (state.shown) {
    case 'working': title = tell(); view.replaceChildren(...livePanels(state.live)); break;
    case 'cancelled': sayCancelled(verdict, again); break;
    case 'failed': sayFailure(verdict, state.failure, again); break;
    case 'report': title = drawReport(state.report); break;
    default: sayNothing(verdict); view.replaceChildren(welcome(go));
  }
  document.title = `${title} · scraplens`;
  if (lost && document.activeElement === document.body) verdict.text.focus();
}

function tell() {
  return sayWorking(verdict, { since: state.since, fresh: state.drop, live: state.live, cancel });
}

function drawReport(report) {
  const title = sayReport(verdict, report, { open: showFinding, side: [keptNote(report, state.dropped), againButton(() => run(state.url, state.url))] });
  const code = source(report, kept.open, () => loadSource(report.requested_url));
  view.replaceChildren(...[
    preview(report, kept.preview), findings(report, code.jump), hops(waysOf(report), { at: report.scraped_at }),
    report.card && images(report, kept, { jump: code.jump, reset: (url) => run(state.url, url) }), comparisons(report),
    ...(report.page ? [tags(report, kept, code.jump), report.card && why(report, code.jump), code.element] : []),
    response(report), cache(report, state.dropped), command(report), raw(report, kept.open),
  ].filter(Boolean));
  return title;
}

function why(report, jump) {
  return drawer('choices', t('choices.heading'), null, t('choices.show'), kept.open, async (body) => {
    const [{ choices }] = await Promise.all([import('./choices.js'), moreWords('choices')]);
    choices(body, report, jump);
  }).element;
}

function showFinding(index) {
  const finding = document.querySelector(`#finding-${index}`);
  finding.focus({ preventScroll: true });
  finding.scrollIntoView({ block: 'center' });
}

/** Asks the server about `url` and shows what comes of it, after dropping what it keeps of `drop`. A newer question replaces an older one. */
async function run(url, drop = null) {
  state.work?.abort();
  const work = new AbortController();
  const { signal } = work;
  Object.assign(state, { shown: 'working', url, drop, dropped: null, since: Date.now(), work, live: begin() });
  box.value = url;
  complain(null);
  draw();
  try {
    if (drop) state.dropped = await reset(drop, signal);
    // A page's reset keeps its images, and the other way round: after an image's reset the page must be asked again.
    const report = await scrape(url, { fresh: drop !== null && drop !== url, signal, heard: (event, data) => { if (state.work === work && hear(state.live, event, data)) draw(); } });
    if (report.comparisons?.length) [{ comparisons }] = await Promise.all([import('./comparisons.js'), moreWords('compare')]);
    if (state.work !== work) return;
    Object.assign(kept, { text: '', region: 'all', open: {} });
    Object.assign(state, { shown: 'report', report });
    rememberRecent(url);
  } catch (error) {
    if (error.kind === 'caller') await moreWords('addresses').catch(() => {});
    if (state.work !== work) return;
    if (signal.aborted) state.shown = 'cancelled';
    else if (error instanceof ApiFailure) Object.assign(state, { shown: 'failed', failure: error });
    else throw error;
  }
  draw();
}

function cancel() {
  state.work?.abort();
}

function again() {
  run(state.url, state.drop);
}

/** Scrapes `url` and puts it into the address bar, so that the result can be shared and reloaded. */
function go(url) {
  const address = new URL(location.href);
  address.searchParams.set('url', url);
  address.hash = '';
  if (address.href !== location.href) history.pushState(null, '', address);
  run(url);
}

/** Shows what the address bar asks for: at the start, and after back and forward. */
function follow() {
  const url = new URLSearchParams(location.search).get('url')?.trim() ?? '';
  if (url && url !== state.url) run(url);
  if (!url) {
    state.work?.abort();
    Object.assign(state, { shown: 'welcome', url: '', work: null });
    box.value = '';
    draw();
  }
}

/** What was typed as a URL: the first address in a pasted sentence, with `https://` where no scheme was given. */
function completed(typed) {
  const text = typed.trim();
  const url = /\s/.test(text) ? (text.match(/https?:\/\/\S+/i)?.[0] ?? text) : text;
  return !url || /^[a-z][a-z0-9+.-]*:\/\//i.test(url) || /^(about|blob|data|file|javascript|mailto|tel):/i.test(url) ? url : `https://${url}`;
}

function complain(words) {
  complaint.textContent = words ?? '';
  if (words) box.setAttribute('aria-invalid', 'true');
  else box.removeAttribute('aria-invalid');
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const url = completed(box.value);
  if (url) {
    go(url);
    return;
  }
  complain(t('ask.empty'));
  box.focus();
});
box.addEventListener('input', () => complain(null));
// A web address pasted into the empty box, or over all of its text, starts by itself, as the hint below the box says.
box.addEventListener('paste', (event) => {
  const pasted = event.clipboardData?.getData('text').trim() ?? '';
  if (!/^https?:\/\/\S+$/i.test(pasted) || box.selectionEnd - box.selectionStart < box.value.length) return;
  event.preventDefault();
  go(pasted);
});
addEventListener('keydown', (event) => { if (event.key === 'Escape' && state.shown === 'working') cancel(); });
addEventListener('popstate', follow);
addEventListener('online', () => { if (state.shown === 'failed' && state.failure.kind === 'offline') again(); });

// The clock of a running scrape, and the countdown of a busy server.
setInterval(() => {
  if (state.shown === 'working') tell();
  const retry = verdict.side.querySelector('.retry');
  if (retry?.dataset.at) tickRetry(retry);
}, 100);
setInterval(refreshAgo, 30_000);

wireTheme(document.querySelector('#theme'), () => { if (state.shown === 'report' && !kept.preview.theme) document.querySelector('#preview').replaceWith(preview(state.report, kept.preview)); });
await wireLanguage(document.querySelector('#language'), ['scrape'], () => {
  if (complaint.textContent) complain(t('ask.empty'));
  draw();
});
follow();
