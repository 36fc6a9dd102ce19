// A developer's webhook handler, for the tests: it keeps what arrives and answers as it is told.

import { createServer } from 'node:http';

/** `{ url, arrived, answerWith(status), close() }`; `arrived` = [{ method, path, headers, body }]. */
export async function startHandler() {
  const arrived = [];
  let status = 200;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => { body += chunk; });
    request.on('end', () => {
      arrived.push({ method: request.method, path: request.url, headers: request.headers, body });
      response.writeHead(status, { 'content-type': 'text/plain' }).end('noted');
    });
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `http://127.0.0.1:${server.address().port}/share-hook`,
    arrived,
    answerWith(next) { status = next; },
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}
