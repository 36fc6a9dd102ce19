// The firewall page when something is missing, wrong, slow or lost, and what every state owes: languages, contrast, the keyboard.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { faintTexts } from './contrast.mjs';
import { CHECKED, IPTABLES, arrive, bar, check, chosen, give, ownRanges } from './firewall.mjs';
import { HANGUL, headline, world } from './harness.mjs';

const at = world();
const { visit } = at;

test('an empty question is not asked', () => visit(async (page) => {
  await arrive(page, at.server);
  await page.click('.go');
  assert.match(await page.textContent('#ask-error'), HANGUL);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'paste');
  await give(page, ['rules.v4', IPTABLES]);
  assert.equal(await page.textContent('#ask-error'), '');
}));

test('ports that are no ports, and a list that is not there, are told at their fields', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', IPTABLES]);
  await page.click('#settings summary');
  await page.fill('#set-ports', 'https');
  await page.click('.go');
  await page.waitForFunction(() => document.activeElement.id === 'set-ports');
  assert.match(await page.textContent('#ask-error'), /65535/);
  await page.fill('#set-ports', '443');
  await page.click('#settings [data-value="own"]');
  await page.click('.go');
  await page.waitForFunction(() => document.activeElement.id === 'ranges-text');
  assert.match(await page.textContent('#ask-error'), HANGUL);
}));

test('a file that cannot be read is shown at the line that is wrong, with what to do', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['sg.json', '{\n  "SecurityGroups": [\n    {,\n  ]\n}\n']);
  await page.selectOption('.card select >> nth=0', 'aws-security-group');
  await page.click('.go');
  await page.waitForSelector('#verdict[data-tone="bad"]');
  assert.match(await page.textContent('#verdict .decisive'), /sg\.json 3행/);
  assert.ok((await page.textContent('#verdict .advice')).length > 10);
  assert.equal(await page.getAttribute('#refused .dump [aria-current]', 'data-line'), '3');
}, { bears: /status of 422/ }));

test('a text that is no dump at all says so and names the file', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['memo.txt', '점심 메뉴: 김치찌개\n']);
  await page.click('.go');
  await page.waitForSelector('#verdict[data-tone="bad"]');
  assert.match(await page.textContent('#verdict'), /memo\.txt/);
}, { bears: /status of 422/ }));

test('a wrong list of ranges is shown at its line', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', IPTABLES]);
  await ownRanges(page, '27.0.236.0/22\n27.0.300.0/22\n');
  await page.click('.go');
  await page.waitForSelector('#verdict[data-tone="bad"]');
  assert.match(await page.textContent('#verdict'), /27\.0\.300\.0/);
  assert.equal(await page.getAttribute('#refused .dump [aria-current]', 'data-line'), '2');
}, { bears: /status of 422/ }));

test('being offline is said, and the check goes on by itself afterwards', () => visit(async (page, visitor) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', IPTABLES]);
  await visitor.setOffline(true);
  await page.click('.go');
  await page.waitForSelector('#verdict[data-tone="warn"] .retry');
  assert.match(await headline(page), /인터넷/);
  await visitor.setOffline(false);
  await page.waitForSelector(CHECKED);
}, { bears: /ERR_INTERNET_DISCONNECTED/ }));

test('a busy server is asked again only after the time it named', () => visit(async (page) => {
  const busy = { type: 'about:blank', title: 'Busy', status: 503, detail: 'too many questions', code: 'busy', advice: 'wait' };
  await page.route('**/api/v1/acl/check*', (route) => route.fulfill({ status: 503, headers: { 'retry-after': '2' }, contentType: 'application/problem+json', body: JSON.stringify(busy) }), { times: 1 });
  await arrive(page, at.server);
  await give(page, ['rules.v4', IPTABLES]);
  await page.click('.go');
  await page.waitForSelector('#verdict .retry:disabled');
  await page.click('#verdict .retry:enabled');
  await page.waitForSelector(CHECKED);
}, { bears: /status of 503/ }));

test('a server that fails, and an answer that is no report, are said in words', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', IPTABLES]);
  for (const answer of [{ status: 500, contentType: 'application/problem+json', body: '{"status":500,"title":"Internal","detail":"something broke","code":"internal"}' }, { status: 200, contentType: 'text/html', body: '<h1>Please log in</h1>' }]) {
    await page.route('**/api/v1/acl/check*', (route) => route.fulfill(answer), { times: 1 });
    await page.click('.go');
    await page.waitForSelector('#verdict[data-tone="warn"] .retry');
    assert.match(await headline(page), HANGUL);
    assert.equal(await page.locator(CHECKED).count(), 0);
  }
}, { bears: /status of 500/ }));

test('a long check shows its time, says that it is long, and can be cancelled', () => visit(async (page) => {
  await page.route('**/api/v1/acl/check*', () => {});
  await arrive(page, at.server);
  await give(page, ['rules.v4', IPTABLES]);
  await page.click('.go');
  await page.waitForFunction(() => /오래|시간이 걸리고/.test(document.querySelector('#verdict .reason')?.textContent));
  assert.ok(Number.parseFloat(await page.textContent('.clock')) >= 3);
  await page.keyboard.press('Escape');
  await page.waitForSelector('#verdict .retry');
  assert.equal(await page.locator('.card').count(), 1);
}));

test('the whole way works with the keyboard alone, and shows where it is', () => visit(async (page) => {
  await arrive(page, at.server);
  const here = () => page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    return { what: document.activeElement.outerHTML.slice(0, 80), visible: outlineStyle !== 'none' && outlineWidth !== '0px' };
  });
  const walk = async (selector, most = 40) => {
    for (let step = 0; step < most; step += 1) {
      await page.keyboard.press('Tab');
      const { what, visible } = await here();
      assert.ok(visible, `no focus ring on ${what}`);
      if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    }
    assert.fail(`${selector} was not reached`);
  };
  await walk('#paste');
  await page.keyboard.insertText(IPTABLES);
  await walk('.go');
  await page.keyboard.press('Enter');
  await page.waitForSelector(CHECKED);
  await bar(page, '27.0.236.0/22', 443).waitFor();
  await walk('.bar[aria-label^="27.0.236.0/22"][aria-label*=" 443"]', 60);
  await page.keyboard.press('Home');
  await page.keyboard.press('PageDown');
  assert.equal((await chosen(page)).cidr, '27.0.238.128/25');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'piece-h');
  await walk('.piece .there', 5);
  await walk('.dump', 5);
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-valuenow')), '3');
  await page.keyboard.press('Enter');
  await walk('#fix button', 20);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#fix .diff');
}));

test('no text is left untranslated', () => visit(async (page) => {
  await arrive(page, at.server, 'en');
  const words = async (where) => {
    await page.locator('#language [data-lang="ko"], noscript').evaluateAll((all) => all.forEach((one) => one.remove()));
    const text = await page.evaluate(() => document.body.innerText);
    assert.doesNotMatch(text, HANGUL, where);
    assert.doesNotMatch(text, /\b(drop|cards|sees|settings|ask|welcome|working|reason|standing|ranges|piece|how|packet|viewer|shadowed|assumptions|changes|fix|count)\.[a-z]+[a-z-]*\b(?!\.)/, where);
    assert.doesNotMatch(text, /\{\w+\}|undefined|null|NaN/, where);
  };
  await words('first visit');
  await give(page, ['rules', IPTABLES]);
  await page.click('#settings summary');
  await page.waitForSelector('#set-ports');
  await words('settings');
  await check(page);
  await page.click('#verdict .fix');
  await page.waitForSelector('#fix .diff');
  // The raw answer holds both languages.
  await page.locator('details').evaluateAll((all) => all.forEach((one) => { one.open = !one.closest('#raw'); }));
  await words('report');
}));

for (const theme of ['light', 'dark']) {
  test(`text keeps a contrast of 4.5:1 in the ${theme} theme`, () => visit(async (page) => {
    await arrive(page, at.server);
    await page.click(`#theme [data-theme="${theme}"]`);
    const look = async (where) => {
      const { measured, faint } = await page.evaluate(faintTexts, 4.5);
      assert.ok(measured > 10, where);
      assert.deepEqual(faint, [], where);
    };
    await look('first visit');
    await give(page, ['rules.v4', IPTABLES]);
    await check(page);
    await page.click('#verdict .fix');
    await page.waitForSelector('#fix .diff');
    await look('report');
    for (const port of [80, 443]) {
      await bar(page, '27.0.236.0/22', port).click();
      await look(`a piece of port ${port}`);
    }
  }, { colorScheme: theme === 'light' ? 'dark' : 'light' }));
}

for (const width of [360, 390, 1280]) {
  test(`at ${width} px every control is at least 40 px high and wide, and nothing scrolls sideways`, () => visit(async (page) => {
    await arrive(page, at.server);
    await give(page, ['rules.v4', IPTABLES], [`${'long-name-'.repeat(20)}.txt`, '27.0.236.0/22\n']);
    await page.click('#settings summary');
    await page.waitForSelector('#set-ports');
    const look = async (where) => {
      const small = await page.evaluate(() => [...document.querySelectorAll('button, input, select, textarea, summary, .quiet, .fix, .logo, .pages a, .bar')]
        .filter((one) => one.checkVisibility() && !one.matches('.there, .unseen'))
        .map((one) => ({ what: one.outerHTML.slice(0, 80), width: one.offsetWidth, height: one.offsetHeight }))
        .filter((one) => one.width < 40 || one.height < 40));
      assert.deepEqual(small, [], where);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, where);
    };
    await look('form');
    await page.click('.card:nth-child(2) .remove');
    await check(page);
    await page.click('#verdict .fix');
    await page.waitForSelector('#fix .diff');
    await look('report');
  }, { viewport: { width, height: 800 } }));
}
