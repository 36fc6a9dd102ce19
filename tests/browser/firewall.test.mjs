// The firewall page in a real browser, against a real server. Each test's name is what an operator may rely on.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CHECKED, IPTABLES, OPEN, SECURITY_GROUP, arrive, bar, check, chosen, give, nothingKept, ownRanges } from './firewall.mjs';
import { HANGUL, headline, world } from './harness.mjs';

const at = world();
const { visit } = at;

test('the two pages lead to each other and say which one is shown', () => visit(async (page) => {
  await page.goto(at.server.origin);
  await page.click('.pages a[href="/firewall"]');
  await page.waitForSelector('#welcome');
  assert.equal(await page.textContent('.pages [aria-current="page"]'), '방화벽');
  await page.click('.pages a[href="/"]');
  await page.waitForSelector('.welcome .chat');
  assert.equal(await page.textContent('.pages [aria-current="page"]'), '스크랩');
}));

test('the first visit explains itself, promises that nothing is kept, and offers an example', () => visit(async (page) => {
  await arrive(page, at.server);
  assert.match(await page.textContent('#welcome h2'), /방화벽/);
  assert.equal(await page.textContent('#private'), '붙여넣은 내용은 저장하거나 기록하지 않습니다.');
  assert.match(await page.textContent('#settings-brief'), /공식 목록 아님/);
  assert.equal(await page.isVisible('#verdict'), false);
  await page.click('#example');
  await page.waitForSelector(CHECKED);
  assert.equal(await page.getAttribute('#verdict', 'data-tone'), 'warn');
  assert.match(await page.textContent('#verdict .decisive'), /rules\.v4 9행.*--dport 80 -j DROP/);
  assert.match(await page.textContent('#ranges .foot'), /공식 목록이 아닙니다/);
  assert.match(await page.textContent('#shadowed'), /--dport 80 -j ACCEPT/);
}));

test('each range is cut exactly, and a piece leads to the line that decides', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', IPTABLES]);
  await ownRanges(page);
  await check(page);
  const lane = bar(page, '27.0.236.0/22', 443);
  await lane.focus();
  const seen = [];
  for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'ArrowRight']) {
    await page.keyboard.press(key);
    const { cidr, verdict, line, inSight } = await chosen(page);
    seen.push([cidr, verdict, line, inSight]);
  }
  assert.deepEqual(seen, [['27.0.236.0/23', 'allowed', 10, true], ['27.0.238.0/25', 'allowed', 10, true], ['27.0.238.128/25', 'denied', 9, true], ['27.0.239.0/24', 'allowed', 10, true]]);
  assert.match(await lane.getAttribute('aria-valuetext'), /^27\.0\.239\.0\/24, .*허용.*rules\.v4 10행$/);
  await page.keyboard.press('PageUp');
  assert.equal((await chosen(page)).cidr, '27.0.238.128/25');
  await page.keyboard.press('End');
  assert.equal((await chosen(page)).cidr, '27.0.239.0/24');
}));

test('a piece is chosen with the mouse where it stands: its width is its share of the addresses', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', IPTABLES]);
  await ownRanges(page);
  await check(page);
  const lane = bar(page, '27.0.236.0/22', 443);
  const { width, height } = await lane.boundingBox();
  for (const [share, cidr] of [[0.25, '27.0.236.0/23'], [0.56, '27.0.238.0/25'], [0.69, '27.0.238.128/25'], [0.9, '27.0.239.0/24']]) {
    await lane.click({ position: { x: width * share, y: height / 2 } });
    assert.equal((await chosen(page)).cidr, cidr);
  }
  await page.click('.steps button:first-child');
  const { cidr, facts, text } = await chosen(page);
  assert.equal(cidr, '27.0.238.128/25');
  assert.match(facts, /응답 없이 버림\(DROP\).*연결 요청\(SYN\).*rules\.v4 9행/s);
  assert.equal(text, '-A INPUT -s 27.0.238.128/25 -p tcp -m tcp --dport 443 -j DROP');
}));

test('what nobody can tell is neither allowed nor denied, and says what would help', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', OPEN]);
  await ownRanges(page, '27.0.236.0/22\n2404:4600::/32\n');
  await check(page);
  assert.notEqual(await page.getAttribute('#verdict', 'data-tone'), 'ok');
  assert.match(await page.textContent('.family >> nth=1'), /IPv6/);
  await bar(page, '2404:4600::/32', 80).click();
  assert.equal((await chosen(page)).verdict, 'undetermined');
  assert.match(await page.textContent('.doubts'), HANGUL);
  assert.equal(await page.locator('.layer.undetermined >> visible=true').count() > 0, true);
}));

test('everything open is said in green, with nothing to fix', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', OPEN]);
  await ownRanges(page);
  await check(page);
  assert.equal(await page.getAttribute('#verdict', 'data-tone'), 'ok');
  assert.equal(await page.locator('#fix, #verdict .fix').count(), 0);
}));

test('the fix is a diff that can be copied, with its proof, and can be checked again', () => visit(async (page, visitor) => {
  await visitor.grantPermissions(['clipboard-read', 'clipboard-write']);
  await arrive(page, at.server);
  await give(page, ['rules.v4', IPTABLES]);
  await ownRanges(page);
  await check(page);
  await page.click('#verdict .fix');
  await page.waitForSelector('#fix .diff .more');
  assert.match(await page.textContent('#fix .proven'), HANGUL);
  await page.click('#fix .bar-of:has(+ .diff) button');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^--- rules\.v4\n\+\+\+ rules\.v4\n@@ .*\n/);
  assert.match(copied, /^\+-A INPUT .*27\.0\.236\.0\/22.* -j ACCEPT$/m);
  await page.click('#fix .actions button');
  await page.waitForSelector('#verdict[data-tone="ok"]');
  assert.equal(await page.locator('#fix').count(), 0);
}));

test('several dumps are layers in path order; the first that refuses decides, and only it is mended', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', IPTABLES], ['sg.json', SECURITY_GROUP]);
  await ownRanges(page);
  await page.click('.card:nth-child(2) [data-act="up"]');
  assert.deepEqual(await page.locator('.card b').allTextContents(), ['sg.json', 'rules.v4']);
  assert.equal(await page.evaluate(() => document.activeElement.closest('.card')?.querySelector('b').textContent), 'sg.json');
  await check(page);
  const [cloud, host] = await page.locator('.card [aria-label^="형식"] option:checked').allTextContents();
  assert.match(`${cloud}, ${host}`, /^자동: AWS.*, 자동: iptables/);
  await bar(page, '27.0.236.0/22', 80).click();
  assert.match((await chosen(page)).facts, /aws-security-group|sg\.json/);
  await bar(page, '27.0.236.0/22', 443).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('PageDown');
  assert.equal((await chosen(page)).line, 9);
  assert.equal(await page.locator('.fix-layer').count(), 2);
  const asked = page.waitForRequest('**/api/v1/acl/fix');
  await page.locator('.fix-layer button').last().click();
  assert.deepEqual((await asked).postDataJSON().dumps.map(({ name }) => name), ['rules.v4']);
  await page.waitForSelector('.fix-layer .fix-headline');
}));

test('pasted text becomes a dump at once; typed text when it is added or checked', () => visit(async (page, visitor) => {
  await visitor.grantPermissions(['clipboard-read', 'clipboard-write']);
  await arrive(page, at.server);
  await page.evaluate((text) => navigator.clipboard.writeText(text), IPTABLES);
  await page.focus('#paste');
  await page.keyboard.press('Control+V');
  await page.waitForSelector('.card');
  assert.equal(await page.inputValue('#paste'), '');
  assert.match(await page.textContent('#added'), /paste\.txt/);
  await page.fill('#paste', '27.0.236.0/22\n');
  await page.click('#add');
  assert.deepEqual(await page.locator('.card b').allTextContents(), ['paste.txt', 'paste-2.txt']);
  await page.click('.card:nth-child(2) .remove');
  await page.fill('#paste', SECURITY_GROUP);
  await ownRanges(page);
  await check(page);
  assert.equal(await page.locator('.card').count(), 2);
  assert.equal(await page.inputValue('#paste'), '');
}));

test('files can be dropped anywhere on the page', () => visit(async (page) => {
  await arrive(page, at.server);
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'rules.v4'));
    return data;
  }, IPTABLES);
  await page.dispatchEvent('footer', 'dragenter', { dataTransfer: transfer });
  assert.equal(await page.locator('.drop.over').count(), 1);
  await page.dispatchEvent('footer', 'drop', { dataTransfer: transfer });
  await page.waitForSelector('.card');
  assert.equal(await page.locator('.drop.over').count(), 0);
  assert.equal(await page.textContent('.card b'), 'rules.v4');
}));

test('two dumps of one dialect are one layer, or two if the operator says so', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', OPEN], ['rules.v6', OPEN.replaceAll('INPUT ACCEPT', 'INPUT DROP').replace('COMMIT', '-A INPUT -s 2404:4600::/32 -j ACCEPT\nCOMMIT')]);
  await ownRanges(page, '27.0.236.0/22\n2404:4600::/32\n');
  await check(page);
  assert.equal(await page.getAttribute('#verdict', 'data-tone'), 'ok');
  await page.selectOption('.card:nth-child(2) [aria-label^="계층"]', 'apart');
  const asked = page.waitForRequest('**/api/v1/acl/check');
  await page.click('.go');
  assert.deepEqual((await asked).postDataJSON().dumps.map(({ layer }) => layer), [undefined, 'rules.v6']);
  await page.waitForSelector(CHECKED);
}));

test('the text of a dump can be mended in place, and the report says that it is out of date', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', IPTABLES]);
  await ownRanges(page);
  await check(page);
  await page.click('.card [data-act="text"]');
  await page.fill('.card textarea', OPEN);
  await page.locator('.card textarea').blur();
  await page.waitForSelector('#verdict .kept');
  await check(page);
  await page.waitForSelector('#verdict[data-tone="ok"]');
}));

test('the address a layer sees, the ports, the interface and the page go along', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', IPTABLES]);
  await page.selectOption('.card [data-act="sees"]', 'balancer');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.act), 'sees');
  await page.fill('.card-choices .behind', '10.0.0.0/8');
  await page.fill('.card-choices .port', '8080');
  await page.selectOption('.card select >> nth=0', 'iptables');
  await ownRanges(page);
  await page.fill('#set-ports', '8443');
  await page.fill('#set-interface', 'eth0');
  await page.fill('#set-url', 'shop.example.kr/p/1');
  const asked = page.waitForRequest('**/api/v1/acl/check');
  await check(page);
  const { dumps, ...rest } = (await asked).postDataJSON();
  assert.deepEqual(dumps, [{ name: 'rules.v4', text: IPTABLES, format: 'iptables', port: 8080, sees: 'balancer=10.0.0.0/8' }]);
  assert.deepEqual(rest, { ranges: '27.0.236.0/22\n211.231.96.0/20\n', ports: [8443], interface: 'eth0', url: 'https://shop.example.kr/p/1' });
  assert.match(await page.textContent('#command pre'), /^scraplens acl check rules\.v4 --format iptables --sees balancer=10\.0\.0\.0\/8 --at-port 8080 --ranges ips\.json --port 8443 --interface eth0 --url https:/);
}));

test('what is pasted stays on the page: not in its address, not in the browser, not in any address that is asked', () => visit(async (page) => {
  const asked = [];
  page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
  await arrive(page, at.server);
  await give(page, ['secret-name.v4', IPTABLES]);
  await check(page);
  await nothingKept(page, '27.0.238.128/25');
  await nothingKept(page, 'secret-name');
  assert.deepEqual(asked.filter((line) => /secret-name|27\.0\.238/.test(line)), []);
  assert.deepEqual(asked.filter((line) => line.startsWith('POST')), [`POST ${at.server.origin}/api/v1/acl/check`]);
}));

test('the language can be changed in the middle: dumps, report and chosen piece stay', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', IPTABLES]);
  await ownRanges(page);
  await check(page);
  await bar(page, '27.0.236.0/22', 443).focus();
  await page.keyboard.press('End');
  const before = await chosen(page);
  await page.click('#language [data-lang="en"]');
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  assert.doesNotMatch(await headline(page), HANGUL);
  const after = await chosen(page);
  assert.deepEqual([after.cidr, after.line], [before.cidr, before.line]);
  assert.equal(await page.locator('.card').count(), 1);
}));
