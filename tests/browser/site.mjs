// A small site on loopback for the scraper to read, and a host that must never be asked for anything.

import { createServer } from 'node:http';

const WORD = 'superlongunbrokenword'.repeat(30);

/** `payload` is the address that hostile markup points to. */
function pages(origin, payload) {
  const attack = `<img src="${payload}/x" onerror="alert(1)"><script src="${payload}/s.js"></script>`;
  let visits = 0;
  return {
    '/good': () => html({ url: `${origin}/good`, title: 'Autumn knitwear, ends tonight', description: 'From cashmere to light cotton.', image: `${origin}/image.png` }),
    '/bare': () => '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>No tags here</title></head><body><p>Text.</p></body></html>',
    '/hostile': () => html({ url: `${origin}/hostile`, title: attack, description: `"><svg onload=alert(2)>${attack}`, image: `${payload}/x.png`, site: attack }),
    '/long': () => html({ url: `${origin}/long?q=${WORD}`, title: WORD, description: `${WORD} ${'가나다라'.repeat(80)}`, image: `${origin}/${WORD}.png`, site: WORD }),
    '/counted': () => html({ url: `${origin}/counted`, title: `Visit ${++visits}`, description: 'Counts who asks.', image: `${origin}/image.png` }),
  };
}

function html({ url, title, description, image, site = 'Example shop' }) {
  const tags = { 'og:url': url, 'og:title': title, 'og:description': description, 'og:image': image, 'og:site_name': site };
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>${escaped(title)}</title>
${Object.entries(tags).map(([key, value]) => `<meta property="${key}" content="${escaped(value)}">`).join('\n')}
</head><body><h1>${escaped(title)}</h1></body></html>`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

// One transparent pixel.
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** Listens on a free port of loopback; `close` also ends what is still open. */
async function listen(handler) {
  const server = createServer(handler);
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}

/** The site: `origin`, `payload` = { origin, asked: [paths] }, `closed` = an address where nobody listens, `close()`. */
export async function startSite() {
  const asked = [];
  const payload = await listen((request, response) => { asked.push(`${request.headers['user-agent']} ${request.url}`); response.end(); });
  const gone = await listen(() => {});
  await gone.close();

  let served = {};
  const site = await listen((request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    if (pathname === '/slow') {
      setTimeout(() => response.writeHead(200, { 'content-type': 'text/html' }).end(served['/good']()), 4_000);
    } else if (pathname.endsWith('.png')) {
      response.writeHead(200, { 'content-type': 'image/png' }).end(PNG);
    } else if (served[pathname]) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(served[pathname]());
    } else {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<title>Not found</title>');
    }
  });
  served = pages(site.origin, payload.origin);
  return { origin: site.origin, closed: gone.origin, payload: { origin: payload.origin, asked }, close: async () => { await site.close(); await payload.close(); } };
}
