// Asks the server. What comes back is a report, or an `ApiFailure` that says what kind of failure it is.

import { language } from './i18n.js';

/** Why there is no report. `kind`: `busy` | `caller` | `server` | `offline` | `unreachable` | `garbled`. */
export class ApiFailure extends Error {
  constructor(kind, { status = null, problem = null, retryAt = null } = {}) {
    super(problem?.detail ?? kind);
    this.kind = kind;
    this.status = status;
    this.problem = problem;
    this.retryAt = retryAt;
  }
}

/** One scrape as it happens: `heard(event, data)` is told of each step. If the stream breaks off, the whole report is asked for. */
export async function scrape(url, { fresh, signal, heard }) {
  const response = await ask('GET', 'scrape/events', { url, fresh: fresh || null }, signal, 'text/event-stream');
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
    try {
      for await (const [event, data] of events(response.body)) {
        if (event === 'done' && typeof data?.outcome === 'string') return data;
        if (event === 'problem') throw refusal(data?.status ?? response.status, data);
        heard(event, data);
      }
    } catch (error) {
      if (signal.aborted || error instanceof ApiFailure) throw error;
    }
  }
  const report = await read(await ask('GET', 'scrape', { url }, signal), signal);
  if (typeof report?.outcome !== 'string') throw new ApiFailure('garbled', { status: response.status });
  return report;
}

/** Drops what the server keeps of a page or of an image. */
export async function reset(url, signal) {
  return read(await ask('DELETE', 'scrape', { url }, signal), signal);
}

/** The lines of the page's source that matter. */
export async function source(url, signal) {
  return read(await ask('GET', 'scrape/source', { url }, signal), signal);
}

async function ask(method, path, query, signal, accept = 'application/json') {
  const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== null));
  let response;
  try {
    response = await fetch(`/api/v1/${path}?${given}`, {
      method, signal, cache: 'no-store', credentials: 'same-origin', headers: { accept: `${accept}, application/problem+json`, 'accept-language': language() },
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw lost();
  }
  if (response.ok) return response;
  const problem = await read(response, signal).catch((error) => { if (signal?.aborted) throw error; return null; });
  throw refusal(response.status, problem, moment(response.headers.get('retry-after')));
}

/** The events of a stream (HTML Standard, 9.2.6), as `[name, data]`. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value.replaceAll('\r', '')).split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) {
        const all = (name) => block.split('\n').filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trim());
        const data = all('data').join('\n');
        if (data) yield [all('event')[0], JSON.parse(data)];
      }
    }
  } finally {
    drain(reader).catch(() => {});
  }
}

/** Reads what is left, so that the connection ends in peace. */
async function drain(reader) {
  while (!(await reader.read()).done);
}

function refusal(status, problem, retryAt = null) {
  if (status === 429 || status === 503) return new ApiFailure('busy', { status, problem, retryAt });
  if (!problem || typeof problem !== 'object') return new ApiFailure('garbled', { status });
  return new ApiFailure(status < 500 ? 'caller' : 'server', { status, problem, retryAt });
}

async function read(response, signal) {
  try {
    return await response.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw error instanceof SyntaxError ? new ApiFailure('garbled', { status: response.status }) : lost();
  }
}

function lost() {
  return new ApiFailure(navigator.onLine ? 'unreachable' : 'offline');
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), as a moment in milliseconds. */
function moment(header) {
  if (!header) return null;
  const at = /^\d+$/.test(header) ? Date.now() + Number(header) * 1000 : Date.parse(header);
  return Number.isFinite(at) ? at : null;
}
