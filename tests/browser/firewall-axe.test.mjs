// Every state of the firewall page, in both themes and both languages, at three widths: axe-core finds nothing wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AXE, faults } from './axe.mjs';
import { IPTABLES, SECURITY_GROUP, arrive, bar, check, give } from './firewall.mjs';
import { world } from './harness.mjs';

const at = world();
const { visit } = at;

/** Each state by name: how to get there from the one before. */
const STATES = {
  'first visit': async () => {},
  'an empty question': async (page) => { await page.click('.go'); },
  'dumps and settings': async (page) => {
    await give(page, ['rules.v4', IPTABLES], ['sg.json', SECURITY_GROUP]);
    await page.selectOption('.card:nth-child(2) [data-act="sees"]', 'balancer');
    await page.click('.card [data-act="text"]');
    await page.click('#settings summary');
    await page.click('#settings [data-value="own"]');
    await page.waitForSelector('#ranges-text');
  },
  working: async (page) => {
    await page.click('#settings [data-value="announced"]');
    await page.route('**/api/v1/acl/check', () => {}, { times: 1 });
    await page.click('.go');
    await page.waitForSelector('.clock');
  },
  cancelled: async (page) => { await page.click('#verdict .cancel'); },
  'a report': async (page) => {
    await page.selectOption('.card:nth-child(2) [data-act="sees"]', 'direct');
    await check(page);
  },
  'a chosen piece, and everything opened': async (page) => {
    await bar(page, '27.0.236.0/22', 443).focus();
    await page.keyboard.press('End');
    await page.locator('#view details').evaluateAll((all) => all.forEach((one) => { one.open = true; }));
  },
  'a fix': async (page) => { await page.click('#verdict .fix'); await page.waitForSelector('#fix .diff'); },
  'a wrong file': async (page) => {
    await page.click('.card:first-child .remove');
    await page.fill('#paste', '{"SecurityGroups": [\n{,\n]}');
    await page.click('#add');
    await page.selectOption('.card:nth-child(2) select >> nth=0', 'aws-security-group');
    await page.click('.go');
    await page.waitForSelector('#refused');
  },
};

for (const colorScheme of ['light', 'dark']) {
  for (const language of ['ko', 'en']) {
    for (const width of [360, 768, 1440]) {
      test(`nothing is wrong in ${language}, ${colorScheme}, at ${width} px`, () => visit(async (page) => {
        await page.addInitScript({ content: AXE });
        await arrive(page, at.server);
        for (const [state, reach] of Object.entries(STATES)) {
          await reach(page);
          assert.deepEqual(await faults(page), [], state);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          assert.equal(wide, 0, `${state} scrolls sideways`);
        }
      }, { colorScheme, locale: language === 'ko' ? 'ko-KR' : 'en-US', viewport: { width, height: 900 }, reducedMotion: 'reduce', bears: /status of 422/ }));
    }
  }
}
