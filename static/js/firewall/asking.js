// What is sent to the server, and what comes back. The dumps go into the body: never into an address, which others keep.

import { ApiFailure, ask, read } from '../api.js';

/** Checks dumps: an `AclReport`. */
export async function check(question, signal) {
  return send('acl/check', question, signal, (answer) => Array.isArray(answer?.ranges));
}

/** Asks for the smallest change: a `FixReport`. */
export async function fix(question, signal) {
  return send('acl/fix', question, signal, (answer) => typeof answer?.diff === 'string');
}

/** The dialects; none if they cannot be had, for the page works without. */
export async function formats() {
  try {
    const answer = await read(await ask('GET', 'acl/formats', {}, undefined));
    return Array.isArray(answer) ? answer : [];
  } catch {
    return [];
  }
}

/** The list of ranges that the server has; `null` if it cannot be had, for the page works without. */
export async function ownList() {
  try {
    return (await read(await ask('GET', 'kakao/ips', {}, undefined)))?.list ?? null;
  } catch {
    return null;
  }
}

async function send(path, question, signal, sound) {
  const answer = await read(await ask('POST', path, {}, signal, 'application/json', JSON.stringify(question)), signal);
  if (!sound(answer)) throw new ApiFailure('garbled', { status: 200 });
  return answer;
}
