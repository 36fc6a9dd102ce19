// The server under test: the binary that `SCRAPLENS_BIN` names, or one that already runs at `SCRAPLENS_URL`.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** `more` = arguments for the binary. What its sandbox keeps is gone with it. */
export async function startServer(more = []) {
  const { SCRAPLENS_URL: url, SCRAPLENS_BIN: binary } = process.env;
  if (url) return { origin: new URL(url).origin, stop: async () => {} };
  if (!binary) throw new Error('set SCRAPLENS_BIN to the built binary, or SCRAPLENS_URL to a running server');

  const child = spawn(binary, ['serve', '--listen', '127.0.0.1:0', '--allow-net', '127.0.0.0/8', ...more], { stdio: ['ignore', 'pipe', 'inherit'], env: { SCRAPLENS__SANDBOX__STORE: '', ...process.env } });
  const ended = new Promise((resolve) => { child.once('exit', resolve); });
  const failed = new Promise((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${binary} ended with ${code} before it listened`)));
  });
  const firstLine = new Promise((resolve) => {
    // The lines after the first are read and dropped, so that the pipe never fills.
    createInterface({ input: child.stdout }).on('line', resolve);
  });
  const line = await Promise.race([firstLine, failed]);
  const origin = line.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
  const stop = async () => { child.kill(); await ended; };
  if (!origin) {
    await stop();
    throw new Error(`no address in the first line of ${binary}: ${line}`);
  }
  return { origin, stop };
}
