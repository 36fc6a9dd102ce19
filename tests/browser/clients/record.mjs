// Keeps what a client sent, for the test that replays it without the client.

import { mkdir, writeFile } from 'node:fs/promises';

const FOLDER = new URL('../../fixtures/clients/', import.meta.url);

/** `sent`: `{ method, path, headers, parameters }`; `answered`: what the test is to expect. */
export async function record(client, name, sent, answered) {
  if (!process.env.RECORD) return;
  await mkdir(FOLDER, { recursive: true });
  const { method, path, parameters } = sent;
  const headers = Object.fromEntries(Object.entries(sent.headers).filter(([header]) => /^(authorization|ka|content-type)$/i.test(header)));
  const fixture = { client, name, request: { method, path, headers, parameters }, answer: answered };
  await writeFile(new URL(`${client}-${name}.json`.replaceAll(/[^a-z0-9.-]+/gi, '-'), FOLDER), `${JSON.stringify(fixture, null, 2)}\n`);
}
