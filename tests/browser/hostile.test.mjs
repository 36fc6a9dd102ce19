// A hostile page is shown as text: nothing of it runs, nothing of it is loaded, and nobody is asked. `visit` watches for the rest.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PAYLOADS } from './payloads.mjs';
import { bubble, world } from './harness.mjs';

const at = world();
const { visit, open } = at;

/** Opens whatever can be opened. */
async function openAll(page) {
  for (const id of ['choices', 'source', 'raw']) if (await page.locator(`#${id} summary`).count()) await page.click(`#${id} summary`);
  await page.waitForSelector('.lines');
  await bubble(page);
}

/** What a hostile page must not leave behind, in the page and in the message. */
function traces() {
  const [own, drawn] = [document, document.querySelector('#preview iframe').contentDocument];
  const found = [];
  for (const root of [own.querySelector('#view'), own.querySelector('#verdict'), drawn.documentElement]) {
    for (const one of root.querySelectorAll('script, embed, object, form, base, math, link:not([href^="/static/"]), iframe:not(#preview iframe), meta[http-equiv="refresh"]')) found.push(one.outerHTML);
    for (const one of root.querySelectorAll('*')) for (const { name } of one.attributes) if (/^on|^srcdoc$/.test(name)) found.push(name);
    for (const one of root.querySelectorAll('[href], [src], [action], [formaction]')) {
      const address = new URL(one.getAttribute('href') ?? one.getAttribute('src') ?? one.getAttribute('action'), location.href);
      if (!/^https?:$/.test(address.protocol) && !/^data:(image|font)\//.test(address.href)) found.push(one.outerHTML);
      if (one.matches('a[target]') && !one.rel.includes('noreferrer')) found.push(`rel: ${one.outerHTML}`);
    }
  }
  return found;
}

test('hostile markup is shown as text, opens nothing and asks nobody', () => visit(async (page) => {
  await open(page, '/hostile');
  await openAll(page);
  const attack = `<img src="${at.site.payload.origin}/x" onerror="alert(1)">`;
  assert.ok((await page.textContent('#tags')).includes(attack));
  assert.ok((await page.textContent('.lines')).includes('&lt;img src='));
  assert.deepEqual(await page.evaluate(traces), []);
  await page.click('#language [data-lang="en"]');
  await page.waitForTimeout(300);
  assert.deepEqual(at.site.payload.asked.filter((line) => line.startsWith('Mozilla') && line.includes('Headless')), []);
}));

PAYLOADS('http://host.example').forEach((text, index) => {
  test(`in every field, this stays text: ${JSON.stringify(text)}`, () => visit(async (page) => {
    await open(page, `/payload/${index}`);
    await openAll(page);
    assert.deepEqual(await page.evaluate(traces), []);
    // What a parser drops (a NUL), or trims at the ends, is not missing here.
    const expected = PAYLOADS(at.site.payload.origin)[index].replace(/[\0-\x20\uFFFD-\uFFFF]+/g, '');
    const shown = (await page.textContent('#tags')).replace(/[\0-\x20\uFFFD-\uFFFF]+/g, '');
    assert.ok(shown.includes(expected), shown);
    assert.deepEqual(at.site.payload.asked.filter((line) => line.includes('Headless')), []);
  }, { bears: /status of 4\d\d/ }));
});

test('addresses that are no web addresses never become links, wherever they stand', () => visit(async (page) => {
  for (const index of PAYLOADS('').keys()) {
    if (!/script:|^data:|msgbox/i.test(PAYLOADS('')[index])) continue;
    await open(page, `/payload/${index}`);
    await bubble(page);
    const links = await page.evaluate(() => [document, document.querySelector('#preview iframe').contentDocument].flatMap((root) => [...root.querySelectorAll('a')].map((link) => link.href)));
    assert.deepEqual(links.filter((href) => !/^https?:/.test(href)), []);
  }
}, { bears: /status of 4\d\d/ }));

test('even where the server calls it an image, an address that is no web address is no link', () => visit(async (page) => {
  const report = await (await fetch(`${at.server.origin}/api/v1/scrape?${new URLSearchParams({ url: `${at.site.origin}/good` })}`)).json();
  for (const url of ['javascript:alert(1)', 'data:text/html,<script>alert(1)</script>', ' javascript:alert(1)//https://a.example/', 'http://[']) {
    const lying = { ...report, card: { ...report.card, images: [{ ...report.card.images[0], url }] }, images: [{ ...report.images[0], url, href: url }] };
    await page.route('**/api/v1/scrape/events?*', (route) => route.fulfill({ status: 200, contentType: 'text/event-stream', body: `event: done\ndata: ${JSON.stringify(lying)}\n\n` }), { times: 1 });
    await open(page, '/good');
    assert.equal(await page.locator('#images a[target], #images img').count(), 0, url);
    assert.ok((await page.textContent('#images')).includes(url));
  }
}));

test('what is typed into the box or the address bar is text too', () => visit(async (page) => {
  for (const text of PAYLOADS(at.site.payload.origin).slice(0, 12)) {
    await page.goto(`${at.server.origin}/?${new URLSearchParams({ url: text })}`);
    await page.waitForSelector('#verdict:not([data-tone="calm"]) h2');
    assert.equal(await page.locator('#verdict :is(script, img, iframe, form)').count(), 0);
  }
  await page.goto(at.server.origin);
  assert.equal(await page.locator('.recent').count(), 0);
}, { bears: /status of 4\d\d/ }));
