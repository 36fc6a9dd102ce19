// The reach page in a real browser, against a real server. Each test's name is what an operator may rely on.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { IPTABLES, OPEN, nothingKept } from './firewall.mjs';
import { HANGUL, headline, world } from './harness.mjs';
import { ACCESS, PACKED, dropFiles, give, saved } from './logs.mjs';
import { JUDGED, arrive, check, kinds, ownRanges, way, withoutProbe } from './reach.mjs';

const at = world();
const { visit } = at;

/** Line 8 of the dump refuses port 80 to everybody. Nobody is asked at this address: the probe is off. */
const SHOP = 'http://shop.example.kr/product/1024';

/** What was answered well in a log, as if it had been a minute ago: an old log says little about rules of today. */
function fresh(log) {
  const [, month, day, year, time] = new Date(Date.now() - 60_000).toUTCString().match(/, (\d+) (\w+) (\d+) (\S+)/).map((_, index, all) => all[[0, 2, 1, 3, 4][index]]);
  return log.split('\n').filter((line) => / 200 /.test(line)).map((line) => line.replace(/\[.*?\]/, `[${day}/${month}/${year}:${time} +0000]`)).join('\n').concat('\n');
}

test('a dropped dump and a dropped log are told apart, and can be switched', () => visit(async (page) => {
  await arrive(page, at.server);
  await dropFiles(page, ['rules.v4', IPTABLES], ['visits.txt', ACCESS]);
  await give(page, ['old.gz', PACKED]);
  assert.deepEqual(await kinds(page), { 'rules.v4': 'dump', 'visits.txt': 'log', 'old.gz': 'log' });
  await page.selectOption('.card:has-text("visits.txt") [data-act="kind"]', 'dump');
  await page.waitForFunction(() => document.activeElement.dataset.act === 'kind' && document.activeElement.value === 'dump');
  assert.deepEqual(await kinds(page), { 'rules.v4': 'dump', 'visits.txt': 'dump', 'old.gz': 'log' });
}));

test('a dump that shuts everybody out is named as the layer that blocks, with its line', () => visit(async (page) => {
  await arrive(page, at.server);
  await page.fill('#url', SHOP);
  await give(page, ['rules.v4', IPTABLES]);
  await withoutProbe(page);
  await ownRanges(page);
  await check(page);
  assert.equal(await page.getAttribute('#verdict', 'data-tone'), 'bad');
  assert.match(await headline(page), HANGUL);
  assert.ok((await way(page)).includes('network stops'));
  assert.match(await page.textContent('#verdict .decisive'), /rules\.v4.*8.*-j DROP/s);
  await page.click('#verdict .decisive .there');
  await page.waitForSelector('#part-acl[open] .dump [aria-current]');
  assert.equal(await page.getAttribute('#part-acl .dump [aria-current]', 'data-line'), '8');
  assert.match(await page.textContent('#evidence [data-kind="acl"]'), /막힘/);
  assert.match(await page.textContent('#evidence [data-kind="logs"]'), /자료 없음/);
}));

test('what a log shows weighs more than what a dump says, and the contradiction is told', () => visit(async (page) => {
  await arrive(page, at.server);
  await page.fill('#url', SHOP);
  await give(page, ['rules.v4', IPTABLES], ['access.log', fresh(ACCESS)]);
  await withoutProbe(page);
  await ownRanges(page);
  await check(page);
  assert.notEqual(await page.getAttribute('#verdict', 'data-tone'), 'bad');
  assert.equal(await page.locator('#conflicts li').count() > 0, true);
  await page.click('#part-logs > summary');
  assert.match(await page.textContent('#part-logs #origins'), /카카오 네트워크/);
  assert.ok(await page.locator('#part-logs .chart').count() > 1);
}));

test('the page is visited from the server, and who was answered what stands in a table', () => visit(async (page) => {
  await arrive(page, at.server);
  await page.fill('#url', `${at.site.origin}/guarded`);
  await check(page);
  await page.click('#part-probe > summary');
  assert.match(await page.textContent('#askers tr[data-who="kakao"][data-of="page"]'), /200/);
  assert.match(await page.textContent('#askers tr[data-who="kakao"][data-of="image"]'), /403/);
  assert.match(await page.textContent('#askers tr[data-who="browser"][data-of="page"]'), /Autumn knitwear/);
  assert.match(await page.textContent('#stages'), /127\.0\.0\.1/);
  assert.match(await page.textContent('#command pre'), new RegExp(`^scraplens reach ${at.site.origin}/guarded$`));
}));

test('the verdict is saved as Markdown, HTML and JSON for others', () => visit(async (page) => {
  await arrive(page, at.server);
  await page.fill('#url', SHOP);
  await give(page, ['rules.v4', IPTABLES]);
  await withoutProbe(page);
  await check(page);
  const said = await headline(page);
  const markdown = await saved(page, '[data-save="md"]');
  assert.equal(markdown.name, 'kakao-reach-shop.example.kr.md');
  assert.ok(markdown.text.includes('rules.v4'), markdown.text);
  const html = await saved(page, '[data-save="html"]');
  assert.match(html.text, /^<!doctype html>/i);
  assert.match(html.text, /lang="ko"/);
  assert.doesNotMatch(html.text, /<script/i);
  const json = JSON.parse((await saved(page, '[data-save="json"]')).text);
  assert.equal(json.headline.ko, said);
}));

test('an address is needed, and one that is wrong is told with what to do', () => visit(async (page) => {
  await arrive(page, at.server);
  await page.click('.go');
  assert.match(await page.textContent('#ask-error'), HANGUL);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'url');
  await page.fill('#url', 'ftp://shop.example.kr/');
  await page.click('.go');
  await page.waitForSelector('#verdict[data-tone="bad"]');
  assert.equal(await page.locator(JUDGED).count(), 0);
}, { bears: /status of 4\d\d/ }));

test('a dump that cannot be read is named with its place', () => visit(async (page) => {
  await arrive(page, at.server);
  await page.fill('#url', SHOP);
  await give(page, ['sg.json', '{\n  "SecurityGroups": [\n    {,\n  ]\n}\n']);
  await page.selectOption('.card [data-act="format"]', 'aws-security-group');
  await withoutProbe(page);
  await page.click('.go');
  await page.waitForSelector('#verdict[data-tone="bad"]');
  assert.match(await page.textContent('#verdict'), /sg\.json/);
}, { bears: /status of 4\d\d/ }));

test('the example is judged without knocking at anybody’s door', () => visit(async (page) => {
  await arrive(page, at.server);
  const asked = page.waitForRequest('**/api/v1/reach');
  await page.click('#example');
  assert.equal((await asked).postDataJSON().probe, false);
  await page.waitForSelector(JUDGED);
  assert.equal(await page.locator('.card').count(), 2);
}));

test('an address in a link is filled in and not asked', () => visit(async (page) => {
  await page.goto(`${at.server.origin}/reach?url=${encodeURIComponent('https://shop.example.kr/p?a=1&b=2')}`);
  await page.waitForSelector('#welcome');
  assert.equal(await page.inputValue('#url'), 'https://shop.example.kr/p?a=1&b=2');
}));

test('what is given stays on the page', () => visit(async (page) => {
  const asked = [];
  page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
  await arrive(page, at.server);
  await page.fill('#url', SHOP);
  await give(page, ['secret-name.v4', OPEN], ['secret-name.log', ACCESS]);
  await withoutProbe(page);
  await check(page);
  await nothingKept(page, '27.0.238.117');
  await nothingKept(page, 'secret-name');
  assert.deepEqual(asked.filter((line) => /secret-name|27\.0\.238/.test(line)), []);
}));

test('the language can be changed in the middle: what was given, the verdict and what was opened stay', () => visit(async (page) => {
  await arrive(page, at.server);
  await page.fill('#url', SHOP);
  await give(page, ['rules.v4', IPTABLES]);
  await withoutProbe(page);
  await check(page);
  await page.click('#part-acl > summary');
  await page.waitForSelector('#part-acl .bar');
  await page.click('#language [data-lang="en"]');
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  assert.doesNotMatch(await page.locator('main').innerText(), HANGUL);
  assert.equal(await page.locator('#part-acl[open] .bar').count() > 0, true);
  assert.equal(await page.inputValue('#url'), SHOP);
}));
