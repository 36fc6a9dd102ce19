// Every state of the page, in both themes and both languages, at three widths: axe-core finds nothing wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AXE, faults } from './axe.mjs';
import { REPORT, bubble, world } from './harness.mjs';

const at = world();
const { visit, shown, open } = at;

/** Each state by name: how to get there. */
const STATES = {
  'first visit': async (page) => { await page.waitForSelector('.welcome'); },
  'an empty box': async (page) => { await page.click('#ask .go'); },
  working: async (page) => {
    await page.goto(shown(`${at.site.origin}/slow?${Math.random()}`));
    await page.waitForSelector('.live .hop.pending');
  },
  cancelled: async (page) => { await page.click('#verdict .cancel'); },
  'a good page': async (page) => { await open(page, '/good'); await bubble(page); },
  'a good page, opened up': async (page) => {
    for (const id of ['choices', 'source', 'raw']) await page.click(`#${id} summary`);
    await page.waitForSelector('.lines');
    await page.waitForSelector('.considered');
  },
  'a reset': async (page) => { await page.click('#verdict .again'); await page.waitForSelector('#cache .dropped'); },
  'an image that is refused': async (page) => { await open(page, '/guarded'); },
  'no tags': async (page) => { await open(page, '/bare'); },
  'no card': async (page) => { await open(page, '/no-such-page'); },
  refused: async (page) => { await page.goto(shown('http://10.0.0.1/')); await page.waitForSelector(`${REPORT}, #verdict[data-tone="bad"]`); },
  busy: async (page) => {
    const problem = { type: 'about:blank', title: 'Busy', status: 503, detail: 'all slots are taken', code: 'busy', advice: 'wait' };
    await page.route('**/api/v1/scrape/events?*', (route) => route.fulfill({ status: 503, headers: { 'retry-after': '9' }, contentType: 'application/problem+json', body: JSON.stringify(problem) }), { times: 1 });
    await page.goto(shown(`${at.site.origin}/good?busy`));
    await page.waitForSelector('#verdict .retry:disabled');
  },
};

for (const colorScheme of ['light', 'dark']) {
  for (const language of ['ko', 'en']) {
    for (const width of [360, 768, 1440]) {
      test(`nothing is wrong in ${language}, ${colorScheme}, at ${width} px`, () => visit(async (page) => {
        await page.addInitScript({ content: AXE });
        await page.goto(at.server.origin);
        for (const [state, reach] of Object.entries(STATES)) {
          await reach(page);
          assert.deepEqual(await faults(page), [], state);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.equal(wide, 0, `${state} scrolls sideways`);
        }
      }, { colorScheme, locale: language === 'ko' ? 'ko-KR' : 'en-US', viewport: { width, height: 900 }, reducedMotion: 'reduce', bears: /status of (4\d\d|503)/ }));
    }
  }
}

test('the message is a sound document of its own', () => visit(async (page) => {
  await page.addInitScript({ content: AXE });
  await open(page, '/good');
  await page.waitForSelector(`${REPORT} #preview iframe:not(.coming)`);
  const drawn = new URL(await page.getAttribute('#preview iframe', 'src'), at.server.origin);
  for (const [kind, theme] of [['scrape', 'light'], ['link', 'dark']]) {
    drawn.searchParams.set('kind', kind);
    drawn.searchParams.set('theme', theme);
    await page.goto(drawn.href);
    // A fragment of a chat has no landmarks and no heading; it is framed with a title.
    const found = (await faults(page)).filter((fault) => !/^(region|landmark-one-main|page-has-heading-one)/.test(fault));
    assert.deepEqual(found, []);
  }
  // Shown on its own, a document is asked for an icon.
}, { bears: /status of 404/ }));
