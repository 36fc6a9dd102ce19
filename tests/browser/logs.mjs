// What the tests of the logs page share: logs as servers write them, and the steps of a visitor.

import { gzipSync } from 'node:zlib';

export const READ = '#view.findings #origins';
export const KAKAO = 'facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984';

const line = (address, time, path, status, bytes = 512, referer = '-', agent = KAKAO) => `${address} - - [${time} +0900] "GET ${path} HTTP/1.1" ${status} ${bytes} "${referer}" "${agent}"\n`;

/** Kakao came three times for a page and once for an image, was refused once; two requests forge its name; one visitor is a person. */
export const ACCESS = [
  line('27.0.238.117', '20/Nov/2026:10:12:01', '/product/1024', 200, 5120),
  line('27.0.238.69', '20/Nov/2026:10:12:02', '/images/1024.jpg', 200, 84_210, 'https://shop.example.kr/product/1024'),
  line('198.51.100.7', '20/Nov/2026:10:15:00', '/', 200, 900, '-', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'),
  line('211.231.103.92', '20/Nov/2026:11:00:00', '/event/autumn', 403, 153),
  line('27.0.238.118', '20/Nov/2026:12:00:00', '/product/1024', 200, 5120),
  line('203.0.113.77', '20/Nov/2026:13:00:00', '/wp-login.php', 404, 153),
  line('203.0.113.77', '20/Nov/2026:13:00:01', '/.env', 404, 153),
].join('');
export const PACKED = gzipSync(Buffer.from(ACCESS));

/** A line with hostile text where a stranger writes: path, referer, user agent. */
export const hostileLine = (payload) => line('27.0.238.117', '20/Nov/2026:14:00:00', `/${payload.replace(/[\s"\\]/g, '')}`, 403, 1, payload.replace(/["\\\r\n]/g, ''), `${KAKAO} ${payload.replace(/["\\\r\n]/g, '')}`);

/** Opens the page; `lang` decides over the browser. */
export async function arrive(page, server, lang = null) {
  await page.goto(`${server.origin}/logs${lang ? `?lang=${lang}` : ''}`);
  await page.waitForSelector('#welcome');
}

/** Gives files as a file dialog does. */
export async function give(page, ...files) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('#pick')]);
  const before = await page.locator('.card').count();
  await chooser.setFiles(files.map(([name, content]) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) })));
  await page.waitForFunction((count) => document.querySelectorAll('.card').length === count, before + files.length);
}

/** Drops files onto the page. */
export async function dropFiles(page, ...files) {
  const before = await page.locator('.card').count();
  const transfer = await page.evaluateHandle((some) => {
    const data = new DataTransfer();
    for (const [name, content] of some) data.items.add(new File([content], name));
    return data;
  }, files);
  await page.dispatchEvent('footer', 'dragenter', { dataTransfer: transfer });
  await page.dispatchEvent('footer', 'drop', { dataTransfer: transfer });
  await page.waitForFunction((count) => document.querySelectorAll('.card').length === count, before + files.length);
}

export async function check(page) {
  await page.click('.go');
  await page.waitForSelector(READ);
}

/** Answers `path` of the API with what was made by hand. */
export async function answerWith(page, path, report) {
  await page.route(`**/api/v1/${path}`, (route) => route.fulfill({ json: report }));
}

/** What a press of `selector` saves: its name and text. */
export async function saved(page, selector) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(selector)]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  return { name: download.suggestedFilename(), text: Buffer.concat(chunks).toString('utf8') };
}
