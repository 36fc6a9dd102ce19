// Takes the README's picture of the templates page: a feed of a shop, with one mistake at its line. PORT names the port of the shop;
// on port 80 its address looks as it would.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { PHOTO } from './pictures.mjs';
import { startServer } from './server.mjs';
import { arrive, drawn, told, write } from './templates.mjs';

const port = Number(process.env.PORT ?? 8080);
const shop = port === 80 ? 'http://shop.example.kr' : `http://shop.example.kr:${port}`;
const link = (path) => ({ web_url: `${shop}${path}`, mobile_web_url: `${shop}${path}` });
const TEMPLATE = {
  object_type: 'feed',
  content: {
    title: '가을 니트 기획전', description: '오늘 밤 12시까지 전 상품 무료 배송', image_url: `${shop}/knit.png`, image_width: 800, image_height: 400,
    link: link('/sale'),
  },
  item_content: {
    profile_text: '예시 상점',
    items: [{ item: '니트', item_op: '49,000원' }, { item: '배송비', item_op: '0원' }],
    sum: '합계', sum_op: '49,000원',
  },
  social: { like_count: 286, comment_count: 45, shared_count: 845 },
  buttons: [{ title: '기획전 보기', link: link('/sale') }, { title: '매장 찾기', link: { web_url: 'https://map.example.net/shop' } }],
};

const site = createServer((request, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(PHOTO)).listen(port, '127.0.0.1');
const folder = await mkdtemp(join(tmpdir(), 'scraplens-picture-'));
const config = join(folder, 'scraplens.toml');
await writeFile(config, `[[sandbox.apps]]
id = 1
name = "예시 상점"
native_key = "11111111111111111111111111111111"
javascript_key = "22222222222222222222222222222222"
rest_key = "33333333333333333333333333333333"
admin_key = "44444444444444444444444444444444"
web_domains = ["${shop}"]
`);
const server = await startServer(['--config', config, '--resolve', `shop.example.kr:${port}:127.0.0.1`]);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'] });
const visitor = await browser.newContext({ viewport: { width: 1280, height: 1180 }, locale: 'ko-KR', timezoneId: 'Asia/Seoul', colorScheme: 'light', reducedMotion: 'reduce' });
const view = await visitor.newPage();
await arrive(view, server);
await write(view, TEMPLATE);
await drawn(view, /매장 찾기/);
await told(view, 'link-domain-unregistered');
await view.evaluate(() => document.fonts.ready);
await view.waitForTimeout(1000);
await view.screenshot({ path: fileURLToPath(new URL('templates.png', import.meta.url)) });
await browser.close();
await server.stop();
site.close();
await rm(folder, { recursive: true });
