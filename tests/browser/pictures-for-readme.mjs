// Takes the README's pictures of the page: a shop whose image server refuses Kakao's scraper, and the same shop mended.
// PORT names the port of the shop; on port 80 its address looks as it would.

import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { PHOTO } from './pictures.mjs';
import { startServer } from './server.mjs';

const port = Number(process.env.PORT ?? 8080);
const shop = port === 80 ? 'http://shop.example.kr' : `http://shop.example.kr:${port}`;

const page = (image) => `<!doctype html>
<html lang="ko">
<head>
  <meta charset="utf-8">
  <title>가을 니트 기획전</title>
  <meta property="og:site_name" content="예시 상점">
  <meta property="og:title" content="가을 니트 기획전 — 오늘 밤 12시까지 전 상품 무료 배송">
  <meta property="og:description" content="포근한 캐시미어 블렌드부터 가벼운 면 니트까지. 사이즈별 재고를 확인하고 매장 픽업도 신청하세요.">
  <meta property="og:image" content="${shop}/${image}">
</head>
<body></body>
</html>`;

const site = createServer((request, response) => {
  const answer = (status, type, body, headers = {}) => response.writeHead(status, { 'content-type': type, ...headers }).end(body);
  if (request.url === '/p/1024') return answer(301, 'text/plain', '', { location: '/product/1024' });
  if (request.url === '/product/1024') return answer(200, 'text/html; charset=utf-8', page('guarded/1024.png'));
  if (request.url === '/product/1025') return answer(200, 'text/html; charset=utf-8', page('1024.png'));
  if (request.url.startsWith('/guarded/') && /kakaotalk-scrap/.test(request.headers['user-agent'])) return answer(403, 'text/html', '<h1>Forbidden</h1>');
  return request.url.endsWith('.png') ? answer(200, 'image/png', PHOTO) : answer(404, 'text/html', '');
}).listen(port, '127.0.0.1');
const server = await startServer(['--resolve', `shop.example.kr:${port}:127.0.0.1`]);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'] });

async function take(file, path, { height, ...context }) {
  const visitor = await browser.newContext({ ...context, viewport: { ...context.viewport, height }, reducedMotion: 'reduce' });
  const view = await visitor.newPage();
  await view.goto(`${server.origin}/?${new URLSearchParams({ url: `${shop}${path}` })}`);
  await view.waitForSelector('#view.report:not(.live)');
  await view.waitForSelector('#preview iframe:not(.coming)');
  await view.evaluate(() => document.fonts.ready);
  await view.waitForTimeout(500);
  await view.screenshot({ path: fileURLToPath(new URL(file, import.meta.url)) });
  await visitor.close();
}

await take('report.png', '/p/1024', { viewport: { width: 1280 }, height: 1330, locale: 'ko-KR', timezoneId: 'Asia/Seoul', colorScheme: 'light' });
await take('report-dark.png', '/product/1025', { viewport: { width: 390 }, height: 844, deviceScaleFactor: 2, isMobile: true, locale: 'en-US', timezoneId: 'Asia/Seoul', colorScheme: 'dark' });

await browser.close();
await server.stop();
site.close();
