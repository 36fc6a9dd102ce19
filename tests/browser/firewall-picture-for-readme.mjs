// Takes the README's picture of the firewall page: the example of a dump that refuses before it allows.

import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { startServer } from './server.mjs';

const server = await startServer([]);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'] });
const visitor = await browser.newContext({ viewport: { width: 1280, height: 1120 }, locale: 'ko-KR', timezoneId: 'Asia/Seoul', colorScheme: 'light', reducedMotion: 'reduce' });
const view = await visitor.newPage();
await view.goto(`${server.origin}/firewall`);
await view.locator('button', { hasText: 'rules.v4' }).first().click();
await view.waitForSelector('#fix');
await view.evaluate(() => document.fonts.ready);
await view.waitForTimeout(500);
await view.screenshot({ path: fileURLToPath(new URL('firewall.png', import.meta.url)) });
await browser.close();
await server.stop();
