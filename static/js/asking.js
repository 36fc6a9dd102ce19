// What the scrape page asks the server: scrapes as they happen, resets, and the page's source.

import { ApiFailure, ask, read, refusal } from './api.js';

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
