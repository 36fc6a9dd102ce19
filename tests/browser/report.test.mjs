// What the report shows of a page, its image and its source, and what a visitor can do with it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HANGUL, REPORT, bubble, headline, scrape, tight, title, world } from './harness.mjs';

const at = world();
const { visit, shown, open } = at;

test('a pasted address is scraped at once, and its hops are seen before the end', () => visit(async (page, visitor) => {
  await visitor.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(at.server.origin);
  assert.match(await page.textContent('#ask-hint'), /붙여/);
  await page.evaluate((url) => navigator.clipboard.writeText(url), `  ${at.site.origin}/first-hop\n`);
  await page.focus('#url');
  await page.keyboard.press('ControlOrMeta+V');
  await page.waitForSelector('.live .hop:not(.pending) .status');
  assert.equal(await page.textContent('.live .hop:not(.pending) .status'), '302');
  assert.ok((await page.textContent('.live .hop.pending')).includes('/second-hop'));
  assert.ok(await page.isVisible('#verdict .clock'));
  await page.waitForSelector(REPORT);
  assert.deepEqual(await page.locator('.hops').first().locator('.status').allTextContents(), ['302', '200']);
  assert.equal(await title(page), 'Autumnknitwear,endstonight');
}));

test('a pasted sentence is not taken for an address, and text already typed is not replaced', () => visit(async (page, visitor) => {
  await visitor.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(at.server.origin);
  await page.focus('#url');
  await page.evaluate(() => navigator.clipboard.writeText('shop'));
  await page.keyboard.press('ControlOrMeta+V');
  assert.equal(await page.inputValue('#url'), 'shop');
  await page.evaluate(() => navigator.clipboard.writeText('https://a.example/'));
  await page.keyboard.press('ControlOrMeta+V');
  assert.equal(await page.inputValue('#url'), 'shophttps://a.example/');
  assert.ok(await page.isVisible('.welcome'));
}));

test('the message is drawn with its image, and can be switched and downloaded', () => visit(async (page) => {
  await open(page, '/good');
  const drawn = await bubble(page);
  assert.equal(await drawn.locator('img').first().evaluate((image) => image.naturalWidth > 0), true);
  for (const [group, value, parameter] of [[0, 'link', 'kind=link'], [1, 'dark', 'theme=dark'], [2, 'pc', 'width=pc']]) {
    await page.locator('#preview .tools .seg').nth(group).locator(`[data-value="${value}"]`).click();
    await bubble(page);
    assert.ok((await page.getAttribute('#preview iframe', 'src')).includes(parameter));
    assert.equal(await title(page), 'Autumnknitwear,endstonight');
  }
  for (const type of ['PNG', 'SVG']) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(`#preview .files a:text-is("${type}")`)]);
    assert.equal(download.suggestedFilename(), `scraplens-127.0.0.1-link-dark.${type.toLowerCase()}`);
    assert.equal(await download.failure(), null);
  }
}));

test('the preview is as high as the message, never scrolls, and runs no script', () => visit(async (page) => {
  await open(page, '/good');
  await bubble(page);
  const [sandbox, overflow] = await page.$eval('#preview iframe', (frame) => [frame.getAttribute('sandbox'), frame.contentDocument.documentElement.scrollHeight - frame.clientHeight]);
  assert.equal(sandbox, 'allow-same-origin allow-popups');
  assert.equal(overflow, 0);
}));

test('every image tells its size, weight and format, and the cut is drawn over the whole picture', () => visit(async (page) => {
  await open(page, '/good');
  const words = await page.textContent('#images');
  for (const fact of ['1,200 × 800 px', 'PNG', 'image/png', '1.5:1']) assert.ok(words.includes(fact), `${fact} in ${words}`);
  await page.waitForFunction(() => document.querySelector('.shot img')?.naturalWidth > 0);
  const cut = () => page.evaluate(() => {
    const [picture, line] = [document.querySelector('.shot img'), document.querySelector('.shot i')].map((one) => one.getBoundingClientRect());
    return { ratio: line.width / line.height, inside: line.left >= picture.left - 1 && line.right <= picture.right + 1 && line.top >= picture.top - 1 && line.bottom <= picture.bottom + 1 };
  });
  for (const [name, ratio] of [['2:1', 2], ['1:1', 1], ['3:4', 0.75]]) {
    await page.click(`#images [data-value="${name}"]`);
    const drawn = await cut();
    assert.ok(Math.abs(drawn.ratio - ratio) < 0.03 && drawn.inside, JSON.stringify({ name, ...drawn }));
  }
}));

/** Follows the place of the finding `code` into the source; gives the line's text. */
async function jump(page, code) {
  await page.locator('.finding', { has: page.locator(`code:text-is("${code}")`) }).locator('a.place').first().click();
  await page.waitForFunction(() => document.activeElement?.matches('[data-line]'));
  assert.ok(await page.evaluate(() => { const { top, bottom } = document.activeElement.getBoundingClientRect(); return bottom > 0 && top < innerHeight; }));
  return page.evaluate(() => document.activeElement.querySelector('code').textContent);
}

for (const [what, path, tone, sentence, code, line] of [
  ['an image that is refused to Kakao only', '/guarded', 'bad', /표시되지 않습니다/, 'ua-blocked', /og:image/],
  ['an image over 5 MB', '/heavy', 'bad', /표시되지 않습니다/, 'image-too-large', /og:image/],
  ['metas behind a pixel in noscript', '/pixel', 'warn', /않을 수 있습니다/, 'meta-displaced', /og:|pixel/],
  ['og:url of another page', '/elsewhere', 'warn', /./, 'og-url-mismatch', /og:url/],
]) {
  test(`${what}: the headline says so, and the finding leads to its line`, () => visit(async (page) => {
    await open(page, path);
    assert.equal(await page.getAttribute('#verdict', 'data-tone'), tone, await page.textContent('#verdict'));
    assert.match(await headline(page), sentence);
    assert.match(await jump(page, code), line);
  }));
}

test('an image that is refused to Kakao only is compared with what others get', () => visit(async (page) => {
  await open(page, '/guarded');
  const rows = await page.locator('#comparisons tbody tr').allTextContents();
  assert.ok(rows.some((row) => /카카오톡.*403/.test(row)), rows.join('\n'));
  assert.ok(rows.some((row) => /브라우저.*200/.test(row)), rows.join('\n'));
}));

test('a page in EUC-KR reads as Korean', () => visit(async (page) => {
  await open(page, '/euc-kr');
  assert.equal(await page.getAttribute('#verdict', 'data-tone'), 'ok', await page.textContent('#verdict'));
  assert.equal(await title(page), '가을니트');
  assert.ok((await page.textContent('#response')).includes('EUC-KR'));
  await page.click('#tags a.place');
  await page.waitForSelector('.lines mark');
  assert.ok((await page.textContent('.lines')).includes('가을 니트'));
}));

test('the source marks the tags that the card uses, and loads only when it is opened', () => visit(async (page) => {
  const asked = [];
  page.on('request', (request) => { if (request.url().includes('/scrape/source')) asked.push(request.url()); });
  await open(page, '/good');
  await page.waitForTimeout(300);
  assert.equal(asked.length, 0);
  await page.click('#source summary');
  const marked = await page.waitForSelector('.lines mark.used').then(() => page.locator('.lines mark.used').allTextContents());
  assert.ok(marked.some((text) => /^<meta property="og:image" content="[^"]+">$/.test(text)), marked.join('\n'));
  assert.equal(asked.length, 1);
}));

test('a tag far along a very long line is found and marked', () => visit(async (page) => {
  await open(page, '/wide');
  await page.fill('#tags input', 'og:title');
  await page.click('#tags a.place');
  await page.waitForFunction(() => document.activeElement?.matches('[data-line]'));
  assert.ok((await page.locator('.lines mark').allTextContents()).includes('<meta property="og:title" content="Far to the right">'));
}));

test('resetting the page asks its site again and keeps its image; resetting the image asks for it again', () => visit(async (page) => {
  const asked = [];
  page.on('request', (request) => { if (request.method() === 'DELETE') asked.push(new URL(request.url()).searchParams.get('url')); });
  const photos = () => at.site.asked.filter((path) => path === '/photo.png').length;
  await open(page, '/counted');
  const first = await title(page);
  await page.click('#ask .go');
  await page.waitForSelector('#verdict .kept');
  assert.equal(await title(page), first);
  const before = photos();
  await page.click('#verdict .again');
  await page.waitForSelector('#cache .dropped');
  const second = await title(page);
  assert.notEqual(second, first);
  assert.equal(photos(), before);
  assert.match(await page.textContent('#cache .dropped'), HANGUL);
  await page.click('#images .reset');
  await page.waitForSelector(`#cache .dropped :text("photo.png")`);
  assert.equal(photos(), before + 1);
  assert.deepEqual(asked, [`${at.site.origin}/counted`, `${at.site.origin}/photo.png`]);
}));

test('recent addresses are kept in this browser, eight at most, and can be cleared', () => visit(async (page) => {
  await page.goto(at.server.origin);
  for (let index = 0; index < 9; index += 1) {
    await scrape(page, `${at.site.origin}/good?${index}`);
  }
  await page.goto(at.server.origin);
  await page.waitForSelector('.recent');
  const kept = await page.locator('.recent a').allTextContents();
  assert.deepEqual(kept, [8, 7, 6, 5, 4, 3, 2, 1].map((index) => `${at.site.origin}/good?${index}`));
  await page.click('.recent a');
  await page.waitForSelector(REPORT);
  await page.goto(at.server.origin);
  await page.click('.recent button');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'url');
  await page.reload();
  await page.waitForSelector('.welcome');
  assert.equal(await page.locator('.recent').count(), 0);
}));

test('the preview follows the theme of the page until it is given its own', () => visit(async (page) => {
  await open(page, '/good');
  const source = () => page.getAttribute('#preview iframe', 'src');
  await page.click('#theme [data-theme="dark"]');
  assert.match(await source(), /theme=dark/);
  await page.locator('#preview .tools .seg').nth(1).locator('[data-value="light"]').click();
  assert.match(await source(), /theme=light/);
  await page.click('#theme [data-theme="light"]');
  await page.click('#theme [data-theme="dark"]');
  assert.match(await source(), /theme=light/);
}));

test('a change of language keeps what was opened and chosen', () => visit(async (page) => {
  await open(page, '/good');
  await page.click('#source summary');
  await page.waitForSelector('.lines');
  await page.click('#images [data-value="1:1"]');
  await page.click('#language [data-lang="en"]');
  await page.waitForSelector('html[lang="en"] .lines');
  assert.equal(await page.getAttribute('#images [data-value="1:1"]', 'aria-pressed'), 'true');
}));

for (const [what, rest] of [['breaks off', 'event: hop\nda'], ['is garbled', 'event: hop\ndata: {"of":\n\n']]) {
  test(`a stream that ${what} is made up for by asking for the whole report`, () => visit(async (page) => {
    await page.route('**/api/v1/scrape/events?*', (route) => route.fulfill({ status: 200, contentType: 'text/event-stream', body: `event: asking\ndata: {"of":"page","who":"same","url":"http://a.example/"}\n\n${rest}` }));
    await open(page, '/good');
    assert.equal(await title(page), 'Autumnknitwear,endstonight');
  }));
}

test('a problem at the end of a stream is told', () => visit(async (page) => {
  const problem = { type: 'about:blank', title: 'Internal', status: 500, detail: 'something broke', code: 'internal', advice: 'try again' };
  await page.route('**/api/v1/scrape/events?*', (route) => route.fulfill({ status: 200, contentType: 'text/event-stream', body: `: hello\n\nevent: problem\ndata: ${JSON.stringify(problem)}\n\n` }));
  await page.goto(shown(`${at.site.origin}/good`));
  await page.waitForSelector('#verdict[data-tone="warn"] .retry');
  assert.ok((await page.textContent('#verdict')).includes('something broke'));
}));

test('the same request can be copied as a curl command', () => visit(async (page, visitor) => {
  await visitor.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, "/good?a=1&b='x'");
  await page.locator('#command .command').nth(1).locator('button').click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^curl .* -A 'facebookexternalhit\/1\.1; kakaotalk-scrap\/1\.0; [^']+' 'http:/);
  assert.equal(tight(copied), tight(await page.locator('#command pre').nth(1).textContent()));
}));

test('a scrape loads less than 100 KB of HTML, CSS and JavaScript, and nothing from elsewhere', () => visit(async (page) => {
  const sizes = new Map();
  page.on('response', async (response) => {
    const type = response.headers()['content-type'] ?? '';
    if (/^(text\/html|text\/css|text\/javascript)/.test(type) && !response.url().includes('/api/')) sizes.set(new URL(response.url()).pathname, (await response.body()).length);
  });
  await page.goto(at.server.origin);
  await page.waitForSelector('.welcome');
  await scrape(page, `${at.site.origin}/good`);
  await bubble(page);
  await page.waitForTimeout(200);
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  assert.ok(sizes.size > 20 && total < 100_000, `${total} bytes in ${sizes.size} files`);
}));
