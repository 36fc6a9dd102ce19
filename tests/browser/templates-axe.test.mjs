// Every state of the templates page, in both themes and both languages, at three widths: axe-core finds nothing wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AXE, faults } from './axe.mjs';
import { FEED, answerAll } from './canned-templates.mjs';
import { world } from './harness.mjs';
import { arrive, below, bottom, told, write } from './templates.mjs';

const at = world();
const { visit } = at;

/** Each state by name: how to get there from the one before. */
const STATES = {
  'first visit': async () => {},
  'what stands below': async (page) => {
    await below(page);
    await bottom(page);
    await page.waitForSelector('#code pre');
  },
  'problems of every severity': async (page) => {
    await write(page, JSON.stringify({ ...JSON.parse(FEED), text: 'x', content: { title: 'no link' }, buttons: [{ title: 'longer than eight' }] }, null, 2));
    await told(page, 'field-required');
    await page.click('#problems .there >> nth=0');
  },
  'broken JSON': async (page) => {
    await write(page, '{\n  "a"');
    await told(page, 'json-broken');
  },
  'a share and a check of the handler': async (page) => {
    await write(page, FEED);
    await page.click('#share .go');
    await page.waitForSelector('#deliveries details[open]');
    await page.click('#handler header button');
    await page.waitForSelector('#handler .trials');
    await page.click('#share .seg [data-value="json"]');
  },
  'a custom template, filled by a page': async (page) => {
    await page.click('#mode [data-value="custom"]');
    await page.waitForSelector('[data-argument="name"]');
    await page.fill('#page-url', 'https://example.com/');
    await page.click('#page-form button');
    await page.waitForSelector('.scraped');
  },
  'a custom template without its text': async (page) => {
    await page.selectOption('#template', '1002');
    await page.waitForSelector('[data-argument="place"]');
  },
  'a scrape message': async (page) => {
    await page.click('#mode [data-value="scrape"]');
    await page.waitForSelector('.guesses');
  },
  'a server in trouble': async (page) => {
    await page.route('**/api/v1/template/check', (route) => route.fulfill({ status: 500, json: { status: 500, code: 'internal', title: 'internal', detail: 'internal' } }), { times: 1 });
    await page.click('#mode [data-value="default"]');
    await page.waitForSelector('#verdict:not([hidden])');
  },
};

for (const colorScheme of ['light', 'dark']) {
  for (const language of ['ko', 'en']) {
    for (const width of [375, 768, 1280]) {
      test(`nothing is wrong with the templates page in ${language}, ${colorScheme}, at ${width} px`, () => visit(async (page) => {
        await page.addInitScript({ content: AXE });
        await answerAll(page);
        await arrive(page, at.server);
        for (const [state, reached] of Object.entries(STATES)) {
          await reached(page);
          assert.deepEqual(await faults(page), [], state);
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${state} scrolls sideways`);
        }
      }, { colorScheme, locale: language === 'ko' ? 'ko-KR' : 'en-US', viewport: { width, height: 900 }, reducedMotion: 'reduce', bears: /status of 500/ }));
    }
  }
}
