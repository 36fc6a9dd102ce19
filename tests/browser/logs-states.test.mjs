// The logs page when something is missing, wrong, slow or lost, and what every state owes: hostile text, languages, contrast, the keyboard, sizes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { emptyReport, logReport } from './canned.mjs';
import { faintTexts } from './contrast.mjs';
import { HANGUL, headline, world } from './harness.mjs';
import { ACCESS, READ, answerWith, arrive, check, give, saved } from './logs.mjs';
import { PAYLOADS } from './payloads.mjs';
import { traces } from './traces.mjs';

const at = world();
const { visit } = at;

test('an empty question is not asked, and an empty file is not taken', () => visit(async (page) => {
  await arrive(page, at.server);
  await page.click('.go');
  assert.match(await page.textContent('#ask-error'), HANGUL);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'paste');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.click('#pick')]);
  await chooser.setFiles([{ name: 'empty.log', mimeType: 'text/plain', buffer: Buffer.alloc(0) }]);
  await page.waitForFunction(() => /empty\.log/.test(document.querySelector('#ask-error').textContent));
  assert.equal(await page.locator('.card').count(), 0);
}));

test('settings that cannot be are told at their fields', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['access.log', ACCESS]);
  await page.click('#settings summary');
  await page.fill('#set-proxies', 'nginx');
  await page.click('.go');
  await page.waitForFunction(() => document.activeElement.id === 'set-proxies');
  assert.match(await page.textContent('#ask-error'), HANGUL);
  await page.fill('#set-proxies', '');
  await page.click('#settings [data-value="own"]');
  await page.click('.go');
  await page.waitForFunction(() => document.activeElement.id === 'ranges-text');
}));

test('the bytes that were sent are shown while a log goes out, and it can be cancelled without losing the files', () => visit(async (page) => {
  await page.route('**/api/v1/logs', () => {});
  await arrive(page, at.server);
  await give(page, ['access.log', 'x'.repeat(3_000_000)]);
  await page.click('.go');
  await page.waitForSelector('#verdict .clock');
  await page.keyboard.press('Escape');
  await page.waitForSelector('#verdict .retry');
  assert.equal(await page.locator('.card').count(), 1);
  await page.click('#verdict .retry');
  await page.waitForSelector('#verdict .clock');
  await page.click('#verdict .cancel');
  await page.waitForSelector('#verdict .retry');
}));

test('an upload shows how far it has got', () => visit(async (page) => {
  await arrive(page, at.server);
  const [working, { language }] = await Promise.all([page.evaluate(async () => {
    const { sayWorking } = await import('/static/js/logs/answer.js');
    const { verdictElement } = await import('/static/js/verdict.js');
    const into = verdictElement(document.querySelector('#verdict'));
    sayWorking(into, { since: Date.now(), progress: { sent: 1_048_576, total: 4_194_304 }, cancel: () => {} });
    return { value: document.querySelector('progress').value, words: document.querySelector('.so-far').textContent };
  }), { language: 'ko' }]);
  assert.equal(language, 'ko');
  assert.equal(working.value, 0.25);
  assert.match(working.words, /1 MB \/ 4 MB/);
}));

for (const [what, answer, tone, words] of [
  ['a full server', { status: 503, headers: { 'retry-after': '7' }, json: { status: 503, code: 'busy', title: 'busy', detail: 'busy' } }, 'warn', /7초|요청이 많습니다/],
  ['a server in trouble', { status: 500, json: { status: 500, code: 'internal', title: 'internal', detail: 'internal' } }, 'warn', /서버에 문제/],
  ['a log that is too large', { status: 413, json: { status: 413, code: 'body-too-large', title: 'too large', detail: '로그가 너무 큽니다.', advice: { ko: '나누어 보내세요.', en: 'Send it in parts.' } } }, 'bad', /나누어/],
  ['an answer that is no report', { status: 200, json: { hello: 1 } }, 'warn', /읽을 수 없습니다/],
  ['an answer that is no JSON', { status: 200, body: '<html>', contentType: 'text/html' }, 'warn', /읽을 수 없습니다/],
]) {
  test(`${what} is told in words, and the files stay`, () => visit(async (page) => {
    await page.route('**/api/v1/logs', (route) => route.fulfill(answer));
    await arrive(page, at.server);
    await give(page, ['access.log', ACCESS]);
    await page.click('.go');
    await page.waitForSelector(`#verdict[data-tone="${tone}"]`);
    assert.match(await page.textContent('#verdict'), words);
    assert.equal(await page.locator('.card').count(), 1);
    assert.equal(await page.locator(READ).count(), 0);
  }, { bears: /status of [45]\d\d/ }));
}

test('a lost connection says so, and goes on by itself once it is back', () => visit(async (page, visitor) => {
  await arrive(page, at.server);
  await give(page, ['access.log', ACCESS]);
  await answerWith(page, 'logs', logReport());
  await page.route('**/api/v1/logs', (route) => route.abort('internetdisconnected'), { times: 1 });
  await visitor.setOffline(true);
  await page.click('.go');
  await page.waitForSelector('#verdict[data-tone="warn"]');
  assert.match(await headline(page), /연결/);
  await visitor.setOffline(false);
  await page.waitForSelector(READ);
}, { bears: /ERR_INTERNET_DISCONNECTED|Failed to (fetch|load)/ }));

test('nothing of Kakao’s in the logs is told as weak evidence, with what to do', () => visit(async (page) => {
  await answerWith(page, 'logs', emptyReport());
  await arrive(page, at.server);
  await give(page, ['access.log', ACCESS]);
  await check(page);
  assert.equal(await page.getAttribute('#verdict', 'data-tone'), 'warn');
  assert.match(await page.textContent('#verdict .advice'), /캐시/);
  assert.match(await page.textContent('#traffic'), /없습니다.*캐시/s);
  assert.equal(await page.locator('.chart').count(), 0);
}));

test('a long table shows its beginning, and the rest on demand with the focus on it', () => visit(async (page) => {
  await answerWith(page, 'logs', logReport());
  await arrive(page, at.server);
  await give(page, ['access.log', ACCESS]);
  await check(page);
  assert.equal(await page.locator('#sources tbody tr').count(), 10);
  await page.click('#sources .more button');
  assert.equal(await page.locator('#sources tbody tr').count(), 23);
  assert.equal(await page.evaluate(() => document.activeElement.rowIndex), 11);
}));

test('a page whose image Kakao did not get comes first', () => visit(async (page) => {
  await answerWith(page, 'logs', logReport());
  await arrive(page, at.server);
  await give(page, ['access.log', ACCESS]);
  await check(page);
  assert.match(await page.textContent('#pages tbody tr'), /\/product\/2048.*403.*2048\.jpg.*가져가지 못함/s);
}));

test('hostile text in a log, a file name and a report stays text', () => visit(async (page) => {
  const report = logReport();
  const evil = PAYLOADS('http://host.example');
  const said = (index) => ({ ko: evil[index % evil.length], en: evil[index % evil.length] });
  report.headline = said(1);
  report.list = { ...report.list, name: evil[2], note: said(3) };
  report.files = evil.map((name, index) => ({ ...report.files[1], name, title: evil[index], client_field: name, unreadable_example: name, damaged: name }));
  report.sources = evil.map((text) => ({ ...report.sources[0], address: text, example: text, user_agent: text }));
  report.refused = evil.map((text, index) => ({ ...report.refused[0], path: text, address: text, meaning: said(index) }));
  report.pages = evil.map((text) => ({ ...report.pages[1], path: text, images: [{ path: text, requests: 1, status: 404, got: false }] }));
  report.slow = evil.map((text) => ({ ...report.slow[0], path: text, address: text }));
  report.findings = evil.map((text, index) => ({ ...report.findings[index % 3], code: text, message: said(index), advice: said(index), evidence: text }));
  report.origins = report.origins.map((one, index) => ({ ...one, meaning: said(index) }));
  report.ranges = report.ranges.map((one, index) => ({ ...one, holder: evil[index], service: evil[index], cidr: `27.0.236.0/2${index}` }));
  await answerWith(page, 'logs', report);
  await arrive(page, at.server);
  await give(page, ['<img src=x onerror=alert(1)>\u202Egol.log', ACCESS]);
  await check(page);
  while (await page.locator('.more button').count()) await page.locator('.more button').first().click();
  await page.locator('details').evaluateAll((all) => all.forEach((one) => { one.open = true; }));
  assert.deepEqual(await page.evaluate(traces), []);
  assert.doesNotMatch(await page.textContent('#sources'), /[\u202A-\u202E\u2066-\u2069]/);
  assert.ok((await page.textContent('.card b')).includes('<img src=x onerror=alert(1)>‹U+202E›'));
  assert.ok((await saved(page, '[data-save="sources"]')).text.length > 100);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
}));

test('the whole way works with the keyboard alone, and shows where it is', () => visit(async (page) => {
  await answerWith(page, 'logs', logReport());
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
  await walk('#paste');
  await page.keyboard.insertText(ACCESS);
  await walk('.go');
  await page.keyboard.press('Enter');
  await page.waitForSelector(READ);
  await walk('#traffic summary', 60);
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('#traffic details[open]').count(), 1);
  await walk('#sources .more button', 20);
  await walk('[data-save="md"]', 20);
}));

test('no text is left untranslated', () => visit(async (page) => {
  const report = logReport();
  await answerWith(page, 'logs', report);
  await arrive(page, at.server, 'en');
  const words = async (where) => {
    await page.locator('#language [data-lang="ko"], noscript').evaluateAll((all) => all.forEach((one) => one.remove()));
    const text = await page.evaluate(() => document.body.innerText);
    assert.doesNotMatch(text, HANGUL, where);
    assert.doesNotMatch(text, /(^|[^\w/.-])(logs|drop|cards|settings|ask|welcome|working|origin|origins|status|time|count|traffic|chart|column|refused|pages|sources|slow|files|export|command)\.[a-z]+[a-z-]*\b(?!\.)(?<!access\.log)/, where);
    assert.doesNotMatch(text, /\{\w+\}|undefined|null|NaN/, where);
  };
  await words('first visit');
  await page.click('#settings summary');
  await page.waitForSelector('#set-format');
  await words('settings');
  await give(page, ['visits.txt', ACCESS]);
  await check(page);
  await page.locator('#view details').evaluateAll((all) => all.forEach((one) => { if (!one.closest('#raw')) one.open = true; }));
  await words('report');
}));

for (const theme of ['light', 'dark']) {
  test(`text keeps a contrast of 4.5:1 in the ${theme} theme`, () => visit(async (page) => {
    await answerWith(page, 'logs', logReport());
    await arrive(page, at.server);
    await page.click(`#theme [data-theme="${theme}"]`);
    await give(page, ['access.log', ACCESS]);
    await check(page);
    await page.locator('#view details').evaluateAll((all) => all.forEach((one) => { one.open = true; }));
    const { measured, faint } = await page.evaluate(faintTexts, 4.5);
    assert.ok(measured > 100);
    assert.deepEqual(faint, []);
  }, { colorScheme: theme === 'light' ? 'dark' : 'light' }));
}

for (const width of [360, 390, 1280]) {
  test(`at ${width} px every control is at least 40 px high and wide, and nothing scrolls sideways`, () => visit(async (page) => {
    await answerWith(page, 'logs', logReport());
    await arrive(page, at.server);
    await give(page, ['access.log', ACCESS], [`${'long-name-'.repeat(20)}.log`, ACCESS]);
    await page.click('#settings summary');
    await page.waitForSelector('#set-format');
    const look = async (where) => {
      const small = await page.evaluate(() => [...document.querySelectorAll('button, input, select, textarea, summary, .quiet, .fix, .logo, .pages a')]
        .filter((one) => one.checkVisibility() && !one.matches('.unseen'))
        .map((one) => ({ what: one.outerHTML.slice(0, 80), width: one.offsetWidth, height: one.offsetHeight })).filter((one) => one.width < 40 || one.height < 40));
      assert.deepEqual(small, [], where);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, where);
    };
    await look('form');
    await check(page);
    await look('report');
  }, { viewport: { width, height: 800 } }));
}

test('a first visit and a report load little, and nothing from elsewhere', () => visit(async (page) => {
  const sizes = new Map();
  page.on('response', async (response) => {
    const type = response.headers()['content-type'] ?? '';
    if (/^(text\/html|text\/css|text\/javascript)/.test(type) && !response.url().includes('/api/')) sizes.set(new URL(response.url()).pathname, (await response.body()).length);
  });
  const total = () => [...sizes.values()].reduce((sum, size) => sum + size, 0);
  await answerWith(page, 'logs', logReport());
  await arrive(page, at.server);
  await page.waitForTimeout(200);
  assert.ok(total() < 90_000, `first visit: ${total()} bytes in ${sizes.size} files`);
  await give(page, ['access.log', ACCESS]);
  await check(page);
  await page.waitForTimeout(200);
  assert.ok(total() < 140_000, `with a report: ${total()} bytes in ${sizes.size} files`);
}));

test('the page is served under a policy that allows nothing foreign and nothing inline', async () => {
  const response = await fetch(`${at.server.origin}/logs`);
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/);
  assert.doesNotMatch(await response.text(), /\sstyle=|<style|\son\w+=|<script>/);
});

test('words that are asked for at the same time are all there in the end, in the language chosen last', () => visit(async (page) => {
  await arrive(page, at.server);
  const words = await page.evaluate(async () => {
    const { moreWords, t } = await import('/static/js/i18n.js');
    const pending = ['traffic', 'verdict', 'ranges'].map(moreWords);
    document.querySelector('#language [data-lang="en"]').click();
    await Promise.all([...pending, moreWords('dumps')]);
    return ['origin.forged', 'layer.network', 'standing.denied', 'sees.direct'].map((key) => t(key));
  });
  assert.deepEqual(words, ['Forged', 'Network', 'denied', 'Sees the visitor’s address']);
}));
