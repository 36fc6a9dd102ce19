// The page in a real browser, against a real server. Each test's name is what a visitor may rely on.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { faintTexts } from './contrast.mjs';
import { HANGUL, REPORT, bubble, headline, scrape, title, world } from './harness.mjs';

const at = world();
const { visit, shown, open } = at;
const TITLE = 'Autumnknitwear,endstonight';

test('the first visit explains itself and offers an example to try', () => visit(async (page) => {
  await page.goto(at.server.origin);
  assert.match(await page.textContent('.welcome h2'), HANGUL);
  const example = new URL(await page.getAttribute('.welcome .example', 'href'), at.server.origin);
  assert.match(example.searchParams.get('url'), /^https:\/\//);
  assert.equal(await page.isVisible('#verdict'), false);
}));

test('a scrape shows the title and a verdict', () => visit(async (page) => {
  await page.goto(at.server.origin);
  await scrape(page, `${at.site.origin}/good`);
  assert.equal(await title(page), TITLE);
  assert.match(await headline(page), HANGUL);
  assert.equal(await page.getAttribute('#verdict-text', 'aria-live'), 'polite');
  assert.match(await page.title(), /· scraplens$/);
  assert.ok((await page.textContent('#images')).includes(`${at.site.origin}/photo.png`));
  assert.ok((await page.textContent('.hop')).includes('200'));
}));

test('a result can be shared: its address shows the same report again', () => visit(async (page) => {
  await page.goto(at.server.origin);
  await scrape(page, `${at.site.origin}/good`);
  const address = page.url();
  assert.equal(new URL(address).searchParams.get('url'), `${at.site.origin}/good`);
  await page.reload();
  await page.waitForSelector(REPORT);
  assert.equal(await title(page), TITLE);
  assert.equal(page.url(), address);
}));

test('back and forward walk through what was asked', () => visit(async (page) => {
  await page.goto(at.server.origin);
  await scrape(page, `${at.site.origin}/good`);
  await scrape(page, `${at.site.origin}/bare`);
  assert.equal(await title(page), 'Notagshere');
  await page.goBack();
  await page.waitForFunction(() => document.querySelector('#url').value.endsWith('/good'));
  await page.waitForSelector(REPORT);
  assert.equal(await title(page), TITLE);
  await page.goBack();
  await page.waitForSelector('.welcome');
  await page.goForward();
  await page.waitForSelector(REPORT);
  assert.equal(await title(page), TITLE);
}));

test('a page without og tags is told that its image is missing', () => visit(async (page) => {
  await open(page, '/bare');
  assert.equal(await page.getAttribute('#verdict', 'data-tone'), 'bad');
  assert.ok((await page.textContent('#findings')).includes('og-image-missing'));
}));

test('the link in the verdict leads to the finding that decided', () => visit(async (page) => {
  await page.goto(shown(`${at.site.origin}/bare`));
  await page.click('#verdict .fix');
  const reason = await page.textContent('#verdict .reason');
  assert.equal(await page.evaluate(() => document.activeElement.querySelector('h4').textContent), reason);
}));

test('an unreachable site shows its outcome and what to do', () => visit(async (page) => {
  await page.goto(shown(`${at.site.closed}/`));
  await page.waitForSelector(REPORT);
  assert.equal(await page.getAttribute('#verdict', 'data-tone'), 'bad');
  assert.ok((await page.textContent('#verdict')).includes('connect-refused'));
  assert.match(await page.textContent('.finding .advice'), HANGUL);
  assert.equal(await (await bubble(page)).locator('.title').count(), 0);
}));

test('a missing page shows its status as the outcome', () => visit(async (page) => {
  await open(page, '/no-such-page');
  assert.ok((await page.textContent('#verdict')).includes('status-404'));
  assert.equal(await page.textContent('.hop .status'), '404');
}));

test('a private address is refused with a reason', () => visit(async (page) => {
  await page.goto(shown('http://10.0.0.1/'));
  await page.waitForSelector(`${REPORT}, #verdict[data-tone="bad"]`);
  const words = await page.textContent('#verdict');
  assert.ok(words.includes('address-private'), words);
  assert.match(await page.textContent('#verdict .reason'), HANGUL);
  assert.ok((await page.textContent('#verdict .reason')).length > 10);
}, { bears: /status of 4\d\d/ }));

test('what is not a web address is refused with a reason, and an empty box is pointed out', () => visit(async (page) => {
  await page.goto(at.server.origin);
  await page.click('#ask .go');
  assert.match(await page.textContent('#ask-error'), HANGUL);
  assert.equal(await page.getAttribute('#url', 'aria-invalid'), 'true');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'url');
  await page.fill('#url', 'javascript:alert(1)');
  assert.equal(await page.textContent('#ask-error'), '');
  await page.press('#url', 'Enter');
  await page.waitForSelector('#verdict[data-tone="bad"]');
  assert.ok((await page.textContent('#verdict .reason')).length > 10);
}, { bears: /status of 4\d\d/ }));

test('the language switch changes findings, page and html lang, and is remembered', () => visit(async (page) => {
  await open(page, '/bare');
  assert.equal(await page.getAttribute('html', 'lang'), 'ko');
  const korean = await page.textContent('.finding h4');
  assert.match(korean, HANGUL);
  await page.click('#language [data-lang="en"]');
  await page.waitForSelector('html[lang="en"]');
  const english = await page.textContent('.finding h4');
  assert.notEqual(english, korean);
  assert.doesNotMatch(english, HANGUL);
  assert.doesNotMatch(await headline(page), HANGUL);
  assert.equal(await page.getAttribute('#language [data-lang="en"]', 'aria-pressed'), 'true');
  await page.reload();
  await page.waitForSelector(REPORT);
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
}));

test('?lang= decides over the browser, and no text is left untranslated', () => visit(async (page) => {
  await page.goto(shown(`${at.site.origin}/good`, { lang: 'en' }));
  await page.waitForSelector(REPORT);
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await page.click('#raw summary');
  await page.locator('#raw pre').evaluate((pre) => pre.remove());
  await page.locator('#language [data-lang="ko"]').evaluate((button) => button.remove());
  await page.locator('noscript').evaluateAll((all) => all.forEach((one) => one.remove()));
  await page.click('#choices summary');
  await page.click('#source summary');
  await page.waitForSelector('.considered');
  await page.waitForSelector('.lines');
  const words = await page.evaluate(() => document.body.innerText);
  assert.doesNotMatch(words, HANGUL);
  assert.doesNotMatch(words, /\b(verdict|cache|hops|tags|field|page|choices|charset|images|preview|source|compare|of|who)\.[a-z]+[a-z-]*\b/);
  assert.doesNotMatch(words, /\{\w+\}|undefined|null|NaN/);
}));

test('the whole way works with the keyboard alone, and shows where it is', () => visit(async (page) => {
  await page.goto(at.server.origin);
  const here = () => page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    const frame = getComputedStyle(document.activeElement.closest('.ask') ?? document.body);
    return { id: document.activeElement.id, tag: document.activeElement.tagName, visible: (outlineStyle !== 'none' && outlineWidth !== '0px') || frame.outlineStyle !== 'none' };
  });
  for (let step = 0; step < 20 && (await here()).id !== 'url'; step += 1) {
    await page.keyboard.press('Tab');
    assert.ok((await here()).visible, `no focus ring on ${JSON.stringify(await here())}`);
  }
  assert.equal((await here()).id, 'url');
  await page.keyboard.type(`${at.site.origin}/bare`);
  await page.keyboard.press('Enter');
  await page.waitForSelector(REPORT);
  for (let step = 0; step < 6 && !(await page.evaluate(() => document.activeElement.matches('.fix'))); step += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.ok(await page.evaluate(() => document.activeElement.matches('.finding')));
  for (let step = 0; step < 60 && !(await page.evaluate(() => document.activeElement.matches('#raw summary'))); step += 1) {
    await page.keyboard.press('Tab');
    assert.ok((await here()).visible, `no focus ring on ${JSON.stringify(await here())}`);
  }
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('#raw pre')?.textContent.includes('"requested_url"'));
}));

test('nothing scrolls sideways at 360 px, whatever a site says', () => visit(async (page) => {
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  for (const language of ['ko', 'en']) {
    await page.goto(`${at.server.origin}/?lang=${language}`);
    await page.waitForSelector('.welcome');
    assert.equal(await wide(), 0, `first visit, ${language}`);
    for (const path of ['/long', '/hostile', '/bare', '/no-such-page']) {
      await page.goto(shown(`${at.site.origin}${path}`, { lang: language }));
      await page.waitForSelector(REPORT);
      await page.click('#raw summary');
      assert.equal(await wide(), 0, `${path}, ${language}`);
    }
  }
}, { viewport: { width: 360, height: 740 } }));

test('every control is at least 40 px high and wide', () => visit(async (page) => {
  await open(page, '/good');
  const small = await page.evaluate(() => [...document.querySelectorAll('button, input, select, summary, .quiet, .fix, .logo, .example')]
    .filter((one) => one.checkVisibility())
    .map((one) => ({ what: one.outerHTML.slice(0, 80), width: one.offsetWidth, height: one.offsetHeight }))
    .filter(({ width, height }) => width < 40 || height < 40));
  assert.deepEqual(small, []);
}, { viewport: { width: 390, height: 844 } }));

for (const theme of ['light', 'dark']) {
  test(`text keeps a contrast of 4.5:1 in the ${theme} theme`, () => visit(async (page) => {
    await page.goto(at.server.origin);
    await page.click(`#theme [data-theme="${theme}"]`);
    const check = async (where) => {
      const { measured, faint } = await page.evaluate(faintTexts, 4.5);
      assert.ok(measured > 10, where);
      assert.deepEqual(faint, [], where);
    };
    await check('first visit');
    for (const path of ['/good', '/bare', '/no-such-page']) {
      await page.goto(shown(`${at.site.origin}${path}`));
      await page.waitForSelector(REPORT);
      await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
      await check(path);
    }
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(Number(ground.match(/\d+/)[0]) > 127, theme === 'light', ground);
  }, { colorScheme: theme === 'light' ? 'dark' : 'light' }));
}

test('a running scrape shows the time and can be cancelled', () => visit(async (page) => {
  await page.goto(shown(`${at.site.origin}/slow`));
  await page.waitForFunction(() => Number.parseFloat(document.querySelector('.clock')?.textContent) > 0.3);
  await page.click('#verdict .cancel');
  await page.waitForSelector('#verdict .retry');
  assert.equal(await page.isVisible('.clock'), false);
  assert.equal(await page.isVisible('#view.report'), false);
}));

test('tags can be filtered', () => visit(async (page) => {
  await page.goto(shown(`${at.site.origin}/good`));
  await page.waitForSelector('#tags tbody tr');
  const all = await page.locator('#tags tbody tr').count();
  await page.fill('#tags input', 'OG:TITLE');
  assert.equal(await page.locator('#tags tbody tr').count(), 1);
  assert.ok(all > 1);
  await page.fill('#tags input', 'no such tag');
  assert.equal(await page.locator('#tags table').count(), 0);
  assert.match(await page.textContent('#tags .empty'), HANGUL);
}));

test('the command line for the same result can be copied', () => visit(async (page, visitor) => {
  await visitor.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(shown(`${at.site.origin}/good?a=1&b='x'`));
  await page.waitForSelector(REPORT);
  await page.click('#command .command:first-of-type button');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(copied, await page.textContent('#command .command:first-of-type pre'));
  assert.match(copied, /^scraplens scrape 'http:\/\/127\.0\.0\.1:\d+\/good\?a=1&b=/);
}));

test('a busy server is asked again only after the time it named', () => visit(async (page) => {
  const busy = { type: 'about:blank', title: 'Busy', status: 503, detail: 'all slots are taken', code: 'busy', advice: 'wait' };
  await page.route('**/api/v1/scrape/events?*', (route) => route.fulfill({ status: 503, headers: { 'retry-after': '2' }, contentType: 'application/problem+json', body: JSON.stringify(busy) }), { times: 1 });
  await page.goto(shown(`${at.site.origin}/good`));
  await page.waitForSelector('#verdict .retry:disabled');
  assert.ok((await page.textContent('#verdict')).includes('all slots are taken'));
  await page.click('#verdict .retry:enabled');
  await page.waitForSelector(REPORT);
}, { bears: /status of 503/ }));

test('being offline is said, and the check goes on by itself afterwards', () => visit(async (page, visitor) => {
  await page.goto(at.server.origin);
  await visitor.setOffline(true);
  await page.fill('#url', `${at.site.origin}/good`);
  await page.click('#ask .go');
  await page.waitForSelector('#verdict[data-tone="warn"] .retry');
  assert.match(await headline(page), /인터넷/);
  await visitor.setOffline(false);
  await page.waitForSelector(REPORT);
}, { bears: /ERR_INTERNET_DISCONNECTED/ }));

test('an answer that is no report is said to be unreadable', () => visit(async (page) => {
  await page.route(/api\/v1\/scrape/, (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Please log in</h1>' }));
  await page.goto(shown(`${at.site.origin}/good`));
  await page.waitForSelector('#verdict .retry');
  assert.equal(await page.isVisible('#view.report'), false);
}));

test('with reduced motion nothing moves', () => visit(async (page) => {
  await open(page, '/good');
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
}, { reducedMotion: 'reduce' }));

test('the page is served under a policy that allows nothing foreign and nothing inline', async () => {
  const response = await fetch(at.server.origin);
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/);
  const html = await response.text();
  assert.doesNotMatch(html, /\sstyle=|<style|\son\w+=|<script>/);
});
