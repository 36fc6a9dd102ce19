// What is asked for what stands below the editor: code, simulated shares, the webhook's log, quotas.

import { get, post } from './asking.js';

/** The template as code of `target`. */
export function code(question, signal) {
  return post('template/code', question, signal, (answer) => typeof answer?.code === 'string');
}

/** A simulated share: Kakao's answer, and what became of the webhook. */
export function send(question) {
  return post('share/send', question, undefined, (answer) => answer && typeof answer === 'object');
}

/** The webhook's log, newest first. */
export function deliveries(app) {
  return get('share/deliveries', { app }, Array.isArray);
}

/** Delivers once more what was delivered before. */
export function replay(id) {
  return post(`share/deliveries/${encodeURIComponent(id)}/replay`, {}, undefined, (answer) => typeof answer?.outcome === 'string');
}

/** Tries the handler with what real shares may bring. */
export function checkHandler(app, signal) {
  return post('share/handler-check', app ? { app } : {}, signal, (answer) => Array.isArray(answer?.trials));
}

/** What is left of the quotas. */
export function quota(app) {
  return get('share/quota', { app }, (answer) => Array.isArray(answer?.items));
}
