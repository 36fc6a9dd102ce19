// A small site on loopback for the scraper to read, and a host that must never be asked for anything.

import { createServer } from 'node:http';

import { NOISE, PHOTO } from './pictures.mjs';
import { PAYLOADS } from './payloads.mjs';

const WORD = 'superlongunbrokenword'.repeat(30);
// "가을 니트" in EUC-KR (KS X 1001), which Node cannot write itself.
const KNITWEAR = Buffer.from([0xb0, 0xa1, 0xc0, 0xbb, 0x20, 0xb4, 0xcf, 0xc6, 0xae]);

/** What is at each path, as text or bytes. `payload` is the address that hostile markup points to. */
function pages(origin, payload) {
  const attack = `<img src="${payload}/x" onerror="alert(1)"><script src="${payload}/s.js"></script>`;
  const of = (path, more = {}) => html({ url: `${origin}${path}`, title: 'Autumn knitwear, ends tonight', description: 'From cashmere to light cotton.', image: `${origin}/photo.png`, ...more });
  let visits = 0;
  return {
    '/good': () => of('/good'),
    '/bare': () => '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>No tags here</title></head><body><p>Text.</p></body></html>',
    '/hostile': () => of('/hostile', { title: attack, description: `"><svg onload=alert(2)>${attack}`, image: `${payload}/x.png`, site: attack }),
    '/long': () => of(`/long?q=${WORD}`, { title: WORD, description: `${WORD} ${'가나다라'.repeat(80)}`, image: `${origin}/${WORD}.png`, site: WORD }),
    '/counted': () => of('/counted', { title: `Visit ${++visits}`, description: 'Counts who asks.' }),
    '/second-hop': () => of('/second-hop'),
    '/guarded': () => of('/guarded', { image: `${origin}/guarded.png` }),
    '/heavy': () => of('/heavy', { image: `${origin}/noise.png` }),
    '/square': () => of('/square', { image: `${origin}/square.png` }),
    '/pixel': () => of('/pixel').replace('<title>', '<noscript><img height="1" src="/pixel.png"></noscript>\n<title>'),
    '/elsewhere': () => of('/elsewhere', { url: `${origin}/home` }),
    '/home': () => of('/home', { title: 'The shop’s front page' }),
    '/euc-kr': () => Buffer.concat([Buffer.from(`<!doctype html><html lang="ko"><head><meta charset="euc-kr">\n<meta property="og:title" content="`), KNITWEAR, Buffer.from(`">\n<meta property="og:image" content="${origin}/photo.png"></head></html>`)]),
    '/wide': () => `<!doctype html><html lang="en"><head><title>One line</title>${'<!-- filler -->'.repeat(200)}<meta property="og:title" content="Far to the right"><meta property="og:image" content="${origin}/nothing.png"></head></html>`,
    ...Object.fromEntries(PAYLOADS(payload).map((text, index) => [`/payload/${index}`, () => of('/', {
      url: text, title: text, description: text, image: text, site: text, more: { 'og:type': text, 'article:section': text, 'twitter:image': text },
    })])),
  };
}

function html({ url, title, description, image, site = 'Example shop', more = {} }) {
  const tags = { 'og:url': url, 'og:title': title, 'og:description': description, 'og:image': image, 'og:site_name': site, ...more };
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>${escaped(title)}</title>
${Object.entries(tags).map(([key, value]) => `<meta property="${key}" content="${escaped(value)}">`).join('\n')}
</head><body><h1>${escaped(title)}</h1></body></html>`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const PICTURES = { '/photo.png': PHOTO, '/square.png': PHOTO, '/guarded.png': PHOTO, '/noise.png': NOISE };

/** Listens on a free port of loopback; `close` also ends what is still open. */
async function listen(handler) {
  const server = createServer(handler);
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}

const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** The site: `origin`, `asked` = the paths it was asked for, `payload` = { origin, asked }, `closed` = an address where nobody listens, `close()`. */
export async function startSite() {
  const [asked, lured] = [[], []];
  const payload = await listen((request, response) => { lured.push(`${request.headers['user-agent']} ${request.url}`); response.end(); });
  const gone = await listen(() => {});
  await gone.close();

  let served = {};
  const site = await listen(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    asked.push(pathname);
    const answer = (status, type, body, headers = {}) => response.writeHead(status, { 'content-type': type, ...headers }).end(body);
    if (pathname === '/guarded.png' && /kakaotalk-scrap/.test(request.headers['user-agent'])) return answer(403, 'text/html', '<h1>Forbidden</h1>');
    if (PICTURES[pathname]) return answer(200, 'image/png', PICTURES[pathname]);
    if (pathname === '/slow') {
      await wait(4_000);
      return answer(200, 'text/html', served['/good']());
    }
    if (pathname === '/first-hop') return answer(302, 'text/plain', '', { location: '/second-hop' });
    if (pathname === '/second-hop') await wait(1_500);
    const type = pathname === '/euc-kr' ? 'text/html' : 'text/html; charset=utf-8';
    return served[pathname] ? answer(200, type, served[pathname]()) : answer(404, type, '<title>Not found</title>');
  });
  served = pages(site.origin, payload.origin);
  return { origin: site.origin, asked, closed: gone.origin, payload: { origin: payload.origin, asked: lured }, close: async () => { await site.close(); await payload.close(); } };
}
