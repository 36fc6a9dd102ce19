// The reach page when something is slow, wrong or lost, and what every state owes: hostile text, languages, contrast, the keyboard, sizes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { probeReport, reachReport } from './canned.mjs';
import { faintTexts } from './contrast.mjs';
import { IPTABLES } from './firewall.mjs';
import { HANGUL, headline, world } from './harness.mjs';
import { ACCESS, answerWith, give } from './logs.mjs';
import { PAYLOADS } from './payloads.mjs';
import { JUDGED, arrive, check, way } from './reach.mjs';
import { traces } from './traces.mjs';

const at = world();
const { visit } = at;

/** Asks about an address with a dump and a log, and gets what was made by hand. */
async function judged(page, report = reachReport(), lang = null) {
  await answerWith(page, 'reach', report);
  await arrive(page, at.server, lang);
  await page.fill('#url', 'shop.example.kr/product/1024');
  await give(page, ['rules.v4', IPTABLES], ['access.log', ACCESS]);
  await check(page);
}

const openAll = (page) => page.locator('#view details').evaluateAll((all) => all.forEach((one) => { one.open = true; })).then(() => page.waitForSelector('#part-probe #askers'));

test('what is asked is the address, the dumps in their order and the logs', () => visit(async (page) => {
  const asked = page.waitForRequest('**/api/v1/reach');
  await judged(page);
  const { url, dumps, logs, probe } = (await asked).postDataJSON();
  assert.deepEqual([url, dumps, logs, probe], ['https://shop.example.kr/product/1024', [{ name: 'rules.v4', text: IPTABLES, format: 'auto', sees: 'direct' }], [{ name: 'access.log', text: ACCESS }], true]);
}));

test('the way to the page is drawn with the point where it ends', () => visit(async (page) => {
  await judged(page);
  assert.deepEqual(await way(page), ['kakao start', 'dns passes', 'network stops', 'tls beyond', 'web-server beyond', 'application beyond', 'page beyond']);
  assert.match(await page.textContent('.station[data-state="stops"]'), /네트워크.*host.*막힘/s);
}));

test('every kind of evidence has its row, also what was not given, with how to get it', () => visit(async (page) => {
  await judged(page);
  assert.deepEqual(await page.locator('#evidence li').evaluateAll((all) => all.map((one) => one.dataset.kind)), ['list', 'dns', 'connect', 'tls', 'acl', 'http', 'image', 'logs']);
  assert.match(await page.textContent('#evidence [data-kind="logs"]'), /자료 없음.*--log access\.log/s);
  assert.equal(await page.locator('#advice li').count(), 2);
  assert.equal(await page.textContent('#advice li code'), 'scraplens acl fix rules.v4');
}));

for (const [verdict, tone] of [['reachable', 'ok'], ['partly', 'warn'], ['blocked', 'bad'], ['cannot-tell', 'warn']]) {
  test(`a verdict of ${verdict} has its colour`, () => visit(async (page) => {
    await judged(page, reachReport({ verdict, ...(verdict === 'reachable' || verdict === 'cannot-tell' ? { blocked_by: null } : {}) }));
    assert.equal(await page.getAttribute('#verdict', 'data-tone'), tone);
  }));
}

test('a report of nothing but a verdict is shown', () => visit(async (page) => {
  await judged(page, reachReport({ verdict: 'cannot-tell', blocked_by: null, probe: null, acl: null, logs: null, advice: [], limits: [], conflicts: [] }));
  assert.equal(await page.locator('.part').count(), 0);
  assert.match(await page.textContent('.station[data-layer="page"]'), /판단 불가/);
}));

test('a probe that could not even find the name is shown', () => visit(async (page) => {
  const probe = { ...probeReport(), dns: { ...probeReport().dns, outcome: 'dns-failed', evidence: 'NXDOMAIN', kinds: [{ kind: 'A', outcome: 'nxdomain' }, { kind: 'AAAA', outcome: 'nxdomain' }], records: [] }, connections: [], visits: [], findings: [] };
  await judged(page, reachReport({ probe }));
  await page.click('#part-probe > summary');
  assert.match(await page.textContent('#stages'), /dns-failed.*NXDOMAIN/s);
}));

test('a change after the verdict says that it is out of date', () => visit(async (page) => {
  await judged(page);
  await page.fill('#url', 'https://other.example.kr/');
  assert.match(await page.textContent('#verdict .kept'), HANGUL);
}));

test('a long check shows its time, and can be cancelled without losing what was given', () => visit(async (page) => {
  await page.route('**/api/v1/reach', () => {});
  await arrive(page, at.server);
  await page.fill('#url', 'shop.example.kr');
  await give(page, ['access.log', ACCESS]);
  await page.click('.go');
  await page.waitForSelector('#verdict .clock');
  assert.match(await headline(page), /접속해 보고/);
  await page.keyboard.press('Escape');
  await page.waitForSelector('#verdict .retry');
  assert.equal(await page.locator('.card').count(), 1);
}));

for (const [what, answer, tone, words] of [
  ['a full server', { status: 503, headers: { 'retry-after': '7' }, json: { status: 503, code: 'busy', title: 'busy', detail: 'busy' } }, 'warn', /7초|요청이 많습니다/],
  ['a question that is refused', { status: 422, json: { status: 422, code: 'format-unknown', file: 'rules.v4', line: 3, detail: { ko: '형식을 알 수 없습니다.', en: 'unknown format' }, advice: { ko: '형식을 고르세요.', en: 'Choose one.' } } }, 'bad', /rules\.v4 3행|형식을 고르세요/],
  ['an answer that is no report', { status: 200, json: [] }, 'warn', /읽을 수 없습니다/],
]) {
  test(`${what} is told in words`, () => visit(async (page) => {
    await page.route('**/api/v1/reach', (route) => route.fulfill(answer));
    await arrive(page, at.server);
    await page.fill('#url', 'shop.example.kr');
    await page.click('.go');
    await page.waitForSelector(`#verdict[data-tone="${tone}"]`);
    assert.match(await page.textContent('#verdict'), words);
  }, { bears: /status of [45]\d\d/ }));
}

test('a document that cannot be had is told beside its button', () => visit(async (page) => {
  await judged(page);
  await page.route('**/api/v1/reach/export*', (route) => route.fulfill({ status: 503, json: { status: 503, code: 'busy', detail: '지금은 바쁩니다.' } }));
  await page.click('[data-save="md"]');
  await page.waitForFunction(() => /바쁩니다/.test(document.querySelector('#export').textContent));
  assert.equal(await page.locator('[data-save="md"]:enabled').count(), 1);
}, { bears: /status of 503/ }));

test('hostile text in an answer, a certificate and a title stays text', () => visit(async (page) => {
  const evil = PAYLOADS('http://host.example');
  const said = (index) => ({ ko: evil[index], en: evil[index] });
  const report = reachReport();
  const { probe } = report;
  Object.assign(report, { requested_url: 'https://shop.example.kr/<script>', headline: said(1), advice: evil.map((_, index) => said(index)), limits: evil.map((_, index) => said(index)), conflicts: [said(3)] });
  report.blocked_by = { layer: 'network', name: evil[0], reason: said(2), place: evil[4], line: evil[5] };
  report.evidence = report.evidence.map((one, index) => ({ ...one, message: said(index), proof: evil[index + 8], command: evil[index + 9] }));
  Object.assign(probe, { headline: said(6), limits: [said(7)] });
  probe.dns.records = evil.map((text) => ({ name: text, kind: 'A', value: text, ttl: 1 }));
  probe.connections = evil.map((text) => ({ ...probe.connections[0], address: text, outcome: text, evidence: text, tls: { ...probe.connections[0].tls, versions: [text], outcome: text, missing: text, chain: [{ ...probe.connections[0].tls.chain[0], subject: text, issuer: text }] } }));
  probe.visits = evil.map((text) => ({ ...probe.visits[0], title: text, effective_url: text, challenge: text, notice: text, evidence: text, who: text, differs: [text] }));
  probe.findings = evil.map((text, index) => ({ ...probe.findings[0], code: text, message: said(index), advice: said(index), evidence: text }));
  await judged(page, report);
  await openAll(page);
  assert.deepEqual(await page.evaluate(traces), []);
  assert.doesNotMatch(await page.textContent('#path, #stages, #askers'), /[\u202A-\u202E\u2066-\u2069]/);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
}));

test('the whole way works with the keyboard alone, and shows where it is', () => visit(async (page) => {
  await answerWith(page, 'reach', reachReport());
  await arrive(page, at.server);
  const walk = async (selector, most = 40) => {
    for (let step = 0; step < most; step += 1) {
      await page.keyboard.press('Tab');
      const { what, visible } = await page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
        return { what: document.activeElement.outerHTML.slice(0, 80), visible: outlineStyle !== 'none' && outlineWidth !== '0px' };
      });
      assert.ok(visible, `no focus ring on ${what}`);
      if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    }
    assert.fail(`${selector} was not reached`);
  };
  await walk('#url');
  await page.keyboard.type('shop.example.kr');
  await walk('#paste', 3);
  await page.keyboard.insertText(ACCESS);
  await walk('.go');
  await page.keyboard.press('Enter');
  await page.waitForSelector(JUDGED);
  await walk('#part-probe > summary', 40);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#askers');
  await walk('[data-save="md"]', 40);
}));

test('no text is left untranslated', () => visit(async (page) => {
  const report = reachReport();
  report.probe.visits.forEach((one) => { one.title &&= 'Autumn knitwear'; one.notice &&= 'No access.'; });
  await judged(page, report, 'en');
  await page.click('#settings summary');
  await page.waitForSelector('#set-proxies');
  await openAll(page);
  await page.locator('#raw details').evaluate((one) => { one.open = false; });
  await page.locator('#language [data-lang="ko"], noscript').evaluateAll((all) => all.forEach((one) => one.remove()));
  const text = await page.evaluate(() => document.body.innerText);
  assert.doesNotMatch(text, HANGUL);
  assert.doesNotMatch(text, /(^|[^\w/.-])(reach|drop|cards|kind|settings|ask|welcome|working|path|layer|station|arrives|evidence|says|advice|limits|part|probe|who|of|differs|origin|status|time|count|traffic|chart|column|refused|pages|sources|slow|files|export|command)\.[a-z]+[a-z-]*\b(?!\.)/);
  assert.doesNotMatch(text, /\{\w+\}|undefined|null|NaN/);
}));

for (const theme of ['light', 'dark']) {
  test(`text keeps a contrast of 4.5:1 in the ${theme} theme`, () => visit(async (page) => {
    await judged(page);
    await page.click(`#theme [data-theme="${theme}"]`);
    await openAll(page);
    const { measured, faint } = await page.evaluate(faintTexts, 4.5);
    assert.ok(measured > 100);
    assert.deepEqual(faint, []);
  }, { colorScheme: theme === 'light' ? 'dark' : 'light' }));
}

for (const width of [360, 390, 1280]) {
  test(`at ${width} px every control is at least 40 px high and wide, and nothing scrolls sideways`, () => visit(async (page) => {
    await judged(page);
    await page.click('#settings summary');
    await page.waitForSelector('#set-proxies');
    await openAll(page);
    const small = await page.evaluate(() => [...document.querySelectorAll('button, input, select, textarea, summary, .quiet, .fix, .logo, .pages a')]
      .filter((one) => one.checkVisibility() && !one.matches('.unseen, .there'))
      .map((one) => ({ what: one.outerHTML.slice(0, 80), width: one.offsetWidth, height: one.offsetHeight })).filter((one) => one.width < 40 || one.height < 40));
    assert.deepEqual(small, []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
  }, { viewport: { width, height: 800 } }));
}

test('a first visit loads little, and nothing from elsewhere', () => visit(async (page) => {
  const sizes = new Map();
  page.on('response', async (response) => {
    const type = response.headers()['content-type'] ?? '';
    if (/^(text\/html|text\/css|text\/javascript)/.test(type) && !response.url().includes('/api/')) sizes.set(new URL(response.url()).pathname, (await response.body()).length);
  });
  await arrive(page, at.server);
  await page.waitForTimeout(200);
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  assert.ok(sizes.size > 20 && total < 100_000, `first visit: ${total} bytes in ${sizes.size} files`);
}));

test('the page is served under a policy that allows nothing foreign and nothing inline', async () => {
  const response = await fetch(`${at.server.origin}/reach`);
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/);
  assert.doesNotMatch(await response.text(), /\sstyle=|<style|\son\w+=|<script>/);
});
