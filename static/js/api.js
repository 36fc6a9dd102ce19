// Asks the server. What comes back is a report, or an `ApiFailure` that says what kind of failure it is.

import { language } from './i18n.js';

const SCRAPE = '/api/v1/scrape';

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

/** One scrape. With `fresh`, what the server keeps of this page is dropped first. */
export async function scrape(url, { fresh, signal }) {
  if (fresh) await ask('DELETE', url, signal);
  const response = await ask('GET', url, signal);
  const report = await read(response, signal);
  if (typeof report?.outcome !== 'string') throw new ApiFailure('garbled', { status: response.status });
  return report;
}

async function ask(method, url, signal) {
  const query = new URLSearchParams({ url });
  let response;
  try {
    response = await fetch(`${SCRAPE}?${query}`, {
      method, signal, cache: 'no-store', credentials: 'same-origin', headers: { accept: 'application/json, application/problem+json', 'accept-language': language() },
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiFailure(navigator.onLine ? 'unreachable' : 'offline');
  }
  if (!response.ok) throw await failure(response, signal);
  return response;
}

async function failure(response, signal) {
  const { status } = response;
  const problem = await read(response, signal).catch((error) => { if (signal.aborted) throw error; return null; });
  const retryAt = moment(response.headers.get('retry-after'));
  if (status === 429 || status === 503) return new ApiFailure('busy', { status, problem, retryAt });
  if (!problem || typeof problem !== 'object') return new ApiFailure('garbled', { status });
  return new ApiFailure(status < 500 ? 'caller' : 'server', { status, problem, retryAt });
}

async function read(response, signal) {
  try {
    return await response.json();
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof SyntaxError) throw new ApiFailure('garbled', { status: response.status });
    throw new ApiFailure(navigator.onLine ? 'unreachable' : 'offline');
  }
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), as a moment in milliseconds. */
function moment(header) {
  if (!header) return null;
  const at = /^\d+$/.test(header) ? Date.now() + Number(header) * 1000 : Date.parse(header);
  return Number.isFinite(at) ? at : null;
}
