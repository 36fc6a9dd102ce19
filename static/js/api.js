// Asks the server. What comes back is an answer, or an `ApiFailure` that says what kind of failure it is.

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

export async function ask(method, path, query, signal, accept = 'application/json', body = undefined) {
  const given = `?${new URLSearchParams(Object.entries(query).filter(([, value]) => value !== null))}`;
  let response;
  try {
    response = await fetch(`/api/v1/${path}${given.replace(/^\?$/, '')}`, {
      method, signal, body, cache: 'no-store', credentials: 'same-origin',
      headers: { accept: `${accept}, application/problem+json`, 'accept-language': language(), ...(body && { 'content-type': 'application/json' }) },
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw lost();
  }
  if (response.ok) return response;
  const problem = await read(response, signal).catch((error) => { if (signal?.aborted) throw error; return null; });
  throw refusal(response.status, problem, moment(response.headers.get('retry-after')));
}

export function refusal(status, problem, retryAt = null) {
  if (status === 429 || status === 503) return new ApiFailure('busy', { status, problem, retryAt });
  if (!problem || typeof problem !== 'object') return new ApiFailure('garbled', { status });
  return new ApiFailure(status < 500 ? 'caller' : 'server', { status, problem, retryAt });
}

export async function read(response, signal) {
  try {
    return await response.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw error instanceof SyntaxError ? new ApiFailure('garbled', { status: response.status }) : lost();
  }
}

/** The server was not reached. */
export function lost() {
  return new ApiFailure(navigator.onLine ? 'unreachable' : 'offline');
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), as a moment in milliseconds. */
export function moment(header) {
  if (!header) return null;
  const at = /^\d+$/.test(header) ? Date.now() + Number(header) * 1000 : Date.parse(header);
  return Number.isFinite(at) ? at : null;
}
