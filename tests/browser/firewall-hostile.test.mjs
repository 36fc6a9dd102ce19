// What an operator pastes is data: nothing of it runs, hides or slows the page. And what the page itself may weigh and load.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CHECKED, IPTABLES, RANGES, arrive, bar, check, chosen, give, ownRanges } from './firewall.mjs';
import { world } from './harness.mjs';
import { PAYLOADS } from './payloads.mjs';
import { traces } from './traces.mjs';

const at = world();
const { visit } = at;

/** A rule set with a line put in before the refusal. */
const withLine = (line) => IPTABLES.replace('-A INPUT -p tcp', `${line}\n-A INPUT -p tcp`);

async function openAll(page) {
  await page.locator('details').evaluateAll((all) => all.forEach((one) => { one.open = true; }));
  if (await page.locator('#fix button').count()) {
    await page.locator('#fix button').first().click();
    await page.waitForSelector('#fix .fix-headline, #fix .bad');
  }
}

test('hostile text in rules, names and interfaces stays text', () => visit(async (page) => {
  await arrive(page, at.server);
  const payloads = PAYLOADS('http://host.example');
  const lines = payloads.map((text) => `-A INPUT -p tcp -m comment --comment "${text.replace(/["\\\n\r]/g, '')}" -m tcp --dport 80 -j DROP`);
  await give(page, ['<img src=x onerror=alert(1)>.v4', withLine(lines.join('\n'))], ['rules\u202E4v.txt', '# <script>alert(1)</script>\n27.0.236.0/22\n211.231.96.0/20\n']);
  await ownRanges(page);
  await check(page);
  await openAll(page);
  assert.deepEqual(await page.evaluate(traces), []);
  assert.ok((await page.textContent('.card b')).includes('<img src=x onerror=alert(1)>'));
  assert.ok((await page.locator('.card b').nth(1).textContent()).includes('‹U+202E›'));
  await bar(page, '27.0.236.0/22', 80).click();
  assert.match((await chosen(page)).text, /--comment .* -j DROP$/);
}));

test('an error that repeats hostile text stays text', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['<b>x</b>.json', '{"SecurityGroups": [<script>alert(1)</script>]}']);
  await page.selectOption('.card select >> nth=0', 'aws-security-group');
  await page.click('.go');
  await page.waitForSelector('#verdict[data-tone="bad"]');
  assert.deepEqual(await page.evaluate(traces), []);
  assert.ok((await page.textContent('.dump')).includes('<script>'));
}, { bears: /status of 422/ }));

test('characters that turn text around are named, and a very long line is cut in sight but not in what is sent', () => visit(async (page) => {
  await arrive(page, at.server);
  const long = `# ${'long '.repeat(40_000)}end`;
  await give(page, ['rules.v4', withLine(`${long}\n# allow \u202Eyreve\u2066 one\u0007`)]);
  await ownRanges(page);
  const asked = page.waitForRequest('**/api/v1/acl/check');
  await check(page);
  assert.ok((await asked).postDataJSON().dumps[0].text.includes(long));
  const shown = await page.textContent('.dump');
  assert.ok(shown.includes('‹U+202E›yreve‹U+2066› one‹U+0007›') && shown.includes('… (+'), shown.slice(0, 300));
  assert.doesNotMatch(await page.textContent('main'), /[\u202A-\u202E\u2066-\u2069]/);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
}));

test('a dump of 150,000 lines is scrolled to its deciding line with only a window of it on the page', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', withLine(Array.from({ length: 150_000 }, (_, index) => `# ${index}`).join('\n'))]);
  await ownRanges(page);
  await check(page);
  await bar(page, '27.0.236.0/22', 80).click();
  const { line, text, inSight } = await chosen(page);
  assert.deepEqual([line, text, inSight], [150_008, '-A INPUT -p tcp -m tcp --dport 80 -j DROP', true]);
  assert.ok(await page.locator('.dump li').count() < 120);
  await page.locator('.dump').evaluate((box) => { box.scrollTop = 75_000 * 22; });
  await page.waitForSelector('.dump li[data-line="75001"]');
  assert.equal(await page.textContent('.dump li[data-line="75001"] code'), '# 74993');
}));

test('a range of hundreds of pieces is one light bar', () => visit(async (page) => {
  await arrive(page, at.server);
  const holes = Array.from({ length: 512 }, (_, index) => `-A INPUT -s 27.0.${236 + (index >> 7)}.${(index & 127) * 2}/32 -p tcp -j DROP`);
  await give(page, ['rules.v4', withLine(holes.join('\n'))]);
  await ownRanges(page);
  await check(page);
  const lane = bar(page, '27.0.236.0/22', 443);
  assert.ok(Number(await lane.getAttribute('aria-valuemax')) > 500);
  assert.ok(await lane.locator('*').count() < 20);
  await lane.focus();
  await page.keyboard.press('Home');
  assert.deepEqual([(await chosen(page)).cidr, (await chosen(page)).verdict], ['27.0.236.0/32', 'denied']);
  await page.keyboard.press('ArrowRight');
  assert.equal((await chosen(page)).cidr, '27.0.236.1/32');
}));

test('files in EUC-KR are read as they were meant', () => visit(async (page) => {
  await arrive(page, at.server);
  const euckr = Buffer.concat([Buffer.from('# '), Buffer.from([0xc4, 0xab, 0xc4, 0xab, 0xbf, 0xc0]), Buffer.from(`\n${RANGES}`)]);
  await give(page, ['list.txt', euckr]);
  await ownRanges(page);
  await check(page);
  assert.match(await page.textContent('.dump'), /# 카카오/);
}));

test('a first visit and a check load little, and nothing from elsewhere', () => visit(async (page) => {
  const sizes = new Map();
  page.on('response', async (response) => {
    const type = response.headers()['content-type'] ?? '';
    if (/^(text\/html|text\/css|text\/javascript)/.test(type) && !response.url().includes('/api/')) sizes.set(new URL(response.url()).pathname, (await response.body()).length);
  });
  const total = () => [...sizes.values()].reduce((sum, size) => sum + size, 0);
  await arrive(page, at.server);
  await page.waitForTimeout(200);
  assert.ok(sizes.size > 20 && total() < 90_000, `first visit: ${total()} bytes in ${sizes.size} files`);
  await page.click('#example');
  await page.waitForSelector(CHECKED);
  await page.waitForTimeout(200);
  assert.ok(total() < 140_000, `with a report: ${total()} bytes in ${sizes.size} files`);
}));

test('the page is served under a policy that allows nothing foreign and nothing inline', async () => {
  const response = await fetch(`${at.server.origin}/firewall`);
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/);
  assert.doesNotMatch(await response.text(), /\sstyle=|<style|\son\w+=|<script>/);
});
