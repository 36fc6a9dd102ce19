// The logs page in a real browser, against a real server. Each test's name is what an operator may rely on.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { nothingKept } from './firewall.mjs';
import { HANGUL, headline, world } from './harness.mjs';
import { ACCESS, PACKED, READ, arrive, check, dropFiles, give, saved } from './logs.mjs';

const at = world();
const { visit } = at;

const count = (page, origin) => page.locator(`#origins dt:has(.share.${origin}) + dd b`).textContent();

test('a dropped log tells who came: Kakao, and who only uses its name', () => visit(async (page) => {
  await arrive(page, at.server);
  await dropFiles(page, ['access.log', ACCESS]);
  assert.equal(await page.textContent('.card b'), 'access.log');
  await check(page);
  assert.deepEqual(await Promise.all(['genuine', 'plausible', 'unverified-cloud', 'hidden', 'forged'].map((origin) => count(page, origin))), ['0', '4', '0', '0', '2']);
  assert.equal(await page.locator('#origins .shares .share').count(), 2);
  assert.match(await headline(page), HANGUL);
  assert.equal(await page.getAttribute('#verdict', 'data-tone'), 'warn');
}));

test('each range that came has its row with a chart that says in words what it draws', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['access.log', ACCESS]);
  await check(page);
  const row = page.locator('[data-range="27.0.236.0/22"]');
  assert.match(await row.textContent(), /페이지 2 이미지 1/);
  assert.match(await row.textContent(), /2xx 3/);
  assert.match(await row.locator('.chart desc').textContent(), /3건.*11월 20일.*\d건$/s);
  assert.ok((await row.locator('.chart .columns').getAttribute('d')).length > 10);
  assert.match(await page.locator('[data-range="211.231.100.0/22"] .statuses .bad').textContent(), /4xx 1/);
  assert.match(await page.textContent('#traffic details summary'), /오지 않은 대역 \d+개/);
  await page.click('#traffic details summary');
  assert.match(await page.textContent('#traffic details'), /약한 증거/);
}, { timezoneId: 'Asia/Seoul' }));

test('what was refused is named with its status, and forged sources stand apart', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['access.log', ACCESS]);
  await check(page);
  assert.match(await page.textContent('#refused'), /\/event\/autumn.*403/s);
  assert.match(await page.textContent('#sources'), /203\.0\.113\.77.*위조/s);
  assert.doesNotMatch(await page.textContent('#sources'), /27\.0\.238/);
}));

test('packed logs go in as they are, several at once, and count together', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['access.log', ACCESS], ['access.log.1.gz', PACKED]);
  await check(page);
  assert.equal(await count(page, 'plausible'), '8');
  assert.match(await page.textContent('#files'), /access\.log\.1\.gz.*gzip/s);
}));

test('pasted lines are a log too', () => visit(async (page) => {
  await arrive(page, at.server);
  await page.fill('#paste', ACCESS);
  await check(page);
  assert.equal(await count(page, 'forged'), '2');
}));

test('the example is read', () => visit(async (page) => {
  await arrive(page, at.server);
  await page.click('#example');
  await page.waitForSelector(READ);
  assert.ok(Number(await count(page, 'plausible')) >= 9);
  assert.equal(await count(page, 'unverified-cloud'), '1');
}));

test('settings go along, and the command in the terminal is the same question', () => visit(async (page) => {
  await page.addInitScript(() => {
    const { send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function recorded(body) {
      window.sent = [...body].map(([name, value]) => [name, value instanceof File ? value.name : value]);
      return send.call(this, body);
    };
  });
  await arrive(page, at.server);
  await give(page, ['access.log', ACCESS]);
  await page.click('#settings summary');
  await page.selectOption('#set-format', 'combined');
  await page.fill('#set-proxies', '10.0.0.0/8, 192.0.2.7');
  await page.fill('#set-since', '2026-11-20T10:30');
  await page.click('#settings [data-value="own"]');
  await page.fill('#ranges-text', '27.0.236.0/22\n');
  await check(page);
  // Fields go before files: the server reads while it receives.
  assert.deepEqual(await page.evaluate(() => window.sent), [['format', 'combined'], ['proxy', '10.0.0.0/8'], ['proxy', '192.0.2.7'], ['since', '2026-11-20T01:30:00.000Z'], ['ranges', '27.0.236.0/22\n'], ['file', 'access.log']]);
  assert.match(await page.textContent('#command pre'), /^scraplens logs access\.log --format combined --proxy 10\.0\.0\.0\/8 --proxy 192\.0\.2\.7 --since 2026-11-20T01:30:00\.000Z --ranges ips\.json$/);
  assert.equal(await count(page, 'plausible'), '2');
}, { timezoneId: 'Asia/Seoul' }));

test('the report is saved as Markdown, CSV and JSON with what the page shows', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['access.log', ACCESS]);
  await check(page);
  const markdown = await saved(page, '[data-save="md"]');
  assert.equal(markdown.name, 'kakao-logs.md');
  assert.match(markdown.text, /`\/event\/autumn` \| 403/);
  const ranges = await saved(page, '[data-save="ranges"]');
  assert.match(ranges.text, /^\uFEFFcidr,origin,/);
  assert.match(ranges.text, /\r\n27\.0\.236\.0\/22,plausible,[^,]+,[^,]+,3,/);
  const json = JSON.parse((await saved(page, '[data-save="json"]')).text);
  assert.equal(json.requests, 6);
  assert.match((await saved(page, '[data-save="sources"]')).text, /203\.0\.113\.77,forged,2/);
}));

test('what is given stays on the page: not in its address, not in the browser, not in any address that is asked', () => visit(async (page) => {
  const asked = [];
  page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
  await arrive(page, at.server);
  await give(page, ['secret-name.log', ACCESS]);
  await check(page);
  await nothingKept(page, '27.0.238.117');
  await nothingKept(page, 'secret-name');
  assert.deepEqual(asked.filter((line) => /secret-name|27\.0\.238/.test(line)), []);
  assert.deepEqual(asked.filter((line) => line.startsWith('POST')), [`POST ${at.server.origin}/api/v1/logs`]);
}));

test('a text that is no log says so and what to do', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['memo.log', '점심 메뉴: 김치찌개\n그리고 된장찌개\n']);
  await page.click('.go');
  await page.waitForSelector('#verdict[data-tone="bad"], #verdict[data-tone="warn"]');
  assert.match(await headline(page), HANGUL);
  assert.match(await page.textContent('#verdict'), /memo\.log|형식/);
}, { bears: /status of 4\d\d/ }));

test('the language can be changed in the middle: files, report and what was opened stay', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['access.log', ACCESS]);
  await check(page);
  await page.click('#traffic details summary');
  await page.click('#language [data-lang="en"]');
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  assert.doesNotMatch(await page.locator('main').innerText(), HANGUL);
  assert.equal(await page.locator('#traffic details[open]').count(), 1);
  assert.equal(await page.locator('.card').count(), 1);
}));
