// What is sent to the server, and what comes back. Logs go into the body: never into an address, which others keep.

import { ApiFailure, ask, read } from '../api.js';
import { upload } from '../upload.js';

/** Reads logs: a `LogReport`. `set` are fields, `logs` the files; the fields go first, for the server reads while it receives. */
export async function readLogs(logs, set, { signal, progress }) {
  const form = new FormData();
  for (const [name, value] of set) form.append(name, value);
  for (const { name, file } of logs) form.append('file', file, name);
  const answer = await upload('logs', form, { signal, progress });
  if (!Array.isArray(answer?.origins) || !Array.isArray(answer.ranges)) throw new ApiFailure('garbled', { status: 200 });
  return answer;
}

/** The formats of logs; none if they cannot be had, for the page works without. */
export async function formats() {
  try {
    const answer = await read(await ask('GET', 'logs/formats', {}, undefined));
    return Array.isArray(answer) ? answer : [];
  } catch {
    return [];
  }
}
