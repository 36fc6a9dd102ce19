// Sends files and tells how far they have got, which `fetch` cannot.

import { ApiFailure, lost, moment, refusal } from './api.js';
import { language } from './i18n.js';

/** Posts `body` (a form, or text of the media type `type`) to `path`; `progress({ sent, total })` is told of every step. */
export function upload(path, body, { type = null, signal, progress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal.addEventListener('abort', stop, { once: true });
    const done = (end, value) => { signal.removeEventListener('abort', stop); end(value); };
    request.open('POST', `/api/v1/${path}`);
    request.setRequestHeader('accept', 'application/json, application/problem+json');
    request.setRequestHeader('accept-language', language());
    if (type) request.setRequestHeader('content-type', type);
    request.upload.onprogress = ({ loaded, total }) => progress({ sent: loaded, total });
    request.onabort = () => done(reject, new DOMException('', 'AbortError'));
    request.onerror = () => done(reject, lost());
    request.onload = () => {
      const answer = parsed(request.responseText);
      if (request.status >= 200 && request.status < 300) {
        return answer ? done(resolve, answer) : done(reject, new ApiFailure('garbled', { status: request.status }));
      }
      return done(reject, refusal(request.status, answer, moment(request.getResponseHeader('retry-after'))));
    };
    if (signal.aborted) done(reject, new DOMException('', 'AbortError'));
    else request.send(body);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
