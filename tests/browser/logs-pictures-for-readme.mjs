// Takes the README's pictures of the logs page and of the reach page: the examples of their first visits.

import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { startServer } from './server.mjs';

const server = await startServer([]);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'] });
const visitor = await browser.newContext({ viewport: { width: 1280, height: 1120 }, locale: 'ko-KR', timezoneId: 'Asia/Seoul', colorScheme: 'light', reducedMotion: 'reduce' });
const view = await visitor.newPage();
for (const [name, shown] of [['logs', '#origins'], ['reach', '#path']]) {
  await view.goto(`${server.origin}/${name}`);
  await view.click('#example');
  await view.waitForSelector(`#view ${shown}`);
  await view.evaluate(() => document.fonts.ready);
  await view.waitForTimeout(500);
  // The answer, not the question.
  await view.evaluate(() => scrollTo({ top: document.querySelector('#verdict').getBoundingClientRect().top + scrollY - 16, behavior: 'instant' }));
  await view.screenshot({ path: fileURLToPath(new URL(`${name}.png`, import.meta.url)) });
}
await browser.close();
await server.stop();
