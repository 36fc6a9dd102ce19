// The page from address bar to report: what is asked, what is shown, and nothing about how each part looks.

import { ApiFailure, scrape } from './api.js';
import { preview } from './bubble.js';
import { againButton, cache, keptNote } from './cache.js';
import { choices } from './choices.js';
import { findings } from './findings.js';
import { refreshAgo } from './format.js';
import { hops } from './hops.js';
import { t, wireLanguage } from './i18n.js';
import { images } from './images.js';
import { command, raw } from './raw.js';
import { response } from './response.js';
import { tags } from './tags.js';
import { wireTheme } from './theme.js';
import { sayCancelled, sayFailure, sayNothing, sayReport, sayWorking, tickRetry, verdictElement } from './verdict.js';
import { welcome } from './welcome.js';

const form = document.querySelector('#ask');
const box = document.querySelector('#url');
const complaint = document.querySelector('#ask-error');
const view = document.querySelector('#view');
const verdict = verdictElement(document.querySelector('#verdict'));

/** What is on the page: `shown` is `welcome`, `working`, `cancelled`, `failed` or `report`. */
const state = { shown: 'welcome', url: '', fresh: false, since: 0, work: null, report: null, failure: null };
/** What the reader set inside the report; a change of language keeps it. */
const kept = { text: '', region: 'all', json: false };

function draw({ arriving = false } = {}) {
  const lost = verdict.root.contains(document.activeElement) || view.contains(document.activeElement);
  let title = t('page.title');
  view.classList.toggle('report', state.shown === 'report');
  view.classList.toggle('arriving', arriving);
  if (state.shown !== 'report') view.replaceChildren();
  switch (state.shown) {
    case 'working': sayWorking(verdict, { since: state.since, fresh: state.fresh, cancel }); title = t('working.headline'); break;
    case 'cancelled': sayCancelled(verdict, again); break;
    case 'failed': sayFailure(verdict, state.failure, again); break;
    case 'report': title = drawReport(state.report); break;
    default: sayNothing(verdict); view.replaceChildren(welcome((url) => go(url)));
  }
  document.title = `${title} · scraplens`;
  if (lost && document.activeElement === document.body) verdict.text.focus();
}

function drawReport(report) {
  const headline = sayReport(verdict, report, { open: showFinding, side: [keptNote(report), againButton(() => run(state.url, { fresh: true }))] });
  view.replaceChildren(
    preview(report), findings(report), hops(report),
    ...(report.card ? [images(report), choices(report)] : []),
    ...(report.page ? [tags(report, kept)] : []),
    response(report), cache(report), command(report), raw(report, kept),
  );
  return headline;
}

function showFinding(index) {
  const finding = document.querySelector(`#finding-${index}`);
  finding.focus({ preventScroll: true });
  finding.scrollIntoView({ block: 'center' });
}

/** Asks the server about `url` and shows what comes of it. A newer question replaces an older one. */
async function run(url, { fresh = false } = {}) {
  state.work?.abort();
  const work = new AbortController();
  Object.assign(state, { shown: 'working', url, fresh, since: Date.now(), work });
  box.value = url;
  complain(null);
  draw();
  try {
    const report = await scrape(url, { fresh, signal: work.signal });
    if (state.work !== work) return;
    Object.assign(kept, { text: '', region: 'all', json: false });
    Object.assign(state, { shown: 'report', report });
  } catch (error) {
    if (state.work !== work) return;
    if (work.signal.aborted) state.shown = 'cancelled';
    else if (error instanceof ApiFailure) Object.assign(state, { shown: 'failed', failure: error });
    else throw error;
  }
  draw({ arriving: true });
}

function cancel() {
  state.work?.abort();
}

function again() {
  run(state.url, { fresh: state.fresh });
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
addEventListener('keydown', (event) => { if (event.key === 'Escape' && state.shown === 'working') cancel(); });
addEventListener('popstate', follow);
addEventListener('online', () => { if (state.shown === 'failed' && state.failure.kind === 'offline') again(); });

// The clock of a running scrape, and the countdown of a busy server.
setInterval(() => {
  if (state.shown === 'working') sayWorking(verdict, { since: state.since, fresh: state.fresh, cancel });
  const retry = verdict.side.querySelector('.retry');
  if (retry?.dataset.at) tickRetry(retry);
}, 100);
setInterval(refreshAgo, 30_000);

wireTheme(document.querySelector('#theme'));
wireLanguage(document.querySelector('#language'), () => {
  if (complaint.textContent) complain(t('ask.empty'));
  draw();
});
draw();
follow();
