// What the page asks of the server. The template goes into the body, never into an address, which others keep.

import { ApiFailure, ask, read } from '../api.js';

/** Checks, resolves and draws: what the page shows while one writes. */
export function check(question, signal) {
  return post('template/check', question, signal, (answer) => Array.isArray(answer?.check?.problems));
}

/** The message as a file: `png`, `svg` or `html`. */
export async function picture(format, question) {
  return (await ask('POST', `template/preview.${format}`, {}, undefined, '*/*', JSON.stringify(question))).blob();
}

export function samples() {
  return get('template/samples', {}, Array.isArray);
}

/** The custom templates of the sandbox. */
export function templates() {
  return get('templates', {}, Array.isArray);
}

export function apps() {
  return get('share/apps', {}, Array.isArray);
}

export async function get(path, query, sound) {
  const known = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  const response = await ask('GET', path, known, undefined);
  return checked(await read(response), response, sound);
}

export async function post(path, question, signal, sound) {
  const response = await ask('POST', path, {}, signal, 'application/json', JSON.stringify(question));
  return checked(await read(response, signal), response, sound);
}

function checked(answer, response, sound) {
  if (!sound(answer)) throw new ApiFailure('garbled', { status: response.status });
  return answer;
}
