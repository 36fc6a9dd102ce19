// Every state of the logs and the reach page, in both themes and both languages, at three widths: axe-core finds nothing wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AXE, faults } from './axe.mjs';
import { emptyReport, logReport, reachReport } from './canned.mjs';
import { IPTABLES } from './firewall.mjs';
import { world } from './harness.mjs';
import { ACCESS, answerWith, arrive, check, give } from './logs.mjs';
import * as reach from './reach.mjs';

const at = world();
const { visit } = at;

const refuse = (page, path) => page.route(`**/api/v1/${path}`, (route) => route.fulfill({ status: 422, json: { status: 422, code: 'format-unknown', detail: { ko: '형식을 알 수 없습니다.', en: 'The format is unknown.' }, advice: { ko: '고르세요.', en: 'Choose one.' } } }), { times: 1 });

/** Each state by name: how to get there from the one before. */
const LOGS = {
  'first visit': async () => {},
  'an empty question': async (page) => { await page.click('.go'); },
  'logs and settings': async (page) => {
    await give(page, ['access.log', ACCESS], ['access.log.1.gz', 'x']);
    await page.click('#settings summary');
    await page.waitForSelector('#set-format');
    await page.click('#settings [data-value="own"]');
  },
  working: async (page) => {
    await page.click('#settings [data-value="known"]');
    await page.route('**/api/v1/logs', () => {}, { times: 1 });
    await page.click('.go');
    await page.waitForSelector('.clock');
  },
  cancelled: async (page) => { await page.click('#verdict .cancel'); },
  'a report, everything opened': async (page) => {
    await answerWith(page, 'logs', logReport());
    await check(page);
    await page.locator('#view details').evaluateAll((all) => all.forEach((one) => { one.open = true; }));
  },
  'logs without Kakao': async (page) => {
    await answerWith(page, 'logs', emptyReport());
    await check(page);
    await page.waitForSelector('#origins .empty');
  },
  refused: async (page) => {
    await refuse(page, 'logs');
    await page.click('.go');
    await page.waitForSelector('#verdict[data-tone="bad"]');
  },
};

const REACH = {
  'first visit': async () => {},
  'an empty question': async (page) => { await page.click('.go'); },
  'dumps, logs and settings': async (page) => {
    await page.fill('#url', 'shop.example.kr');
    await give(page, ['rules.v4', IPTABLES], ['access.log', ACCESS]);
    await page.click('#settings summary');
    await page.waitForSelector('#set-proxies');
  },
  working: async (page) => {
    await page.route('**/api/v1/reach', () => {}, { times: 1 });
    await page.click('.go');
    await page.waitForSelector('.clock');
  },
  cancelled: async (page) => { await page.click('#verdict .cancel'); },
  'a verdict': async (page) => { await answerWith(page, 'reach', reachReport()); await reach.check(page); },
  'everything opened': async (page) => {
    await page.locator('#view details').evaluateAll((all) => all.forEach((one) => { one.open = true; }));
    await page.waitForSelector('#askers');
  },
  refused: async (page) => {
    await refuse(page, 'reach');
    await page.click('.go');
    await page.waitForSelector('#verdict[data-tone="bad"]');
  },
};

for (const colorScheme of ['light', 'dark']) {
  for (const language of ['ko', 'en']) {
    for (const width of [360, 768, 1440]) {
      for (const [name, arriving, states] of [['logs', arrive, LOGS], ['reach', reach.arrive, REACH]]) {
        test(`nothing is wrong with the ${name} page in ${language}, ${colorScheme}, at ${width} px`, () => visit(async (page) => {
          await page.addInitScript({ content: AXE });
          await arriving(page, at.server);
          for (const [state, reached] of Object.entries(states)) {
            await reached(page);
            assert.deepEqual(await faults(page), [], state);
            assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${state} scrolls sideways`);
          }
        }, { colorScheme, locale: language === 'ko' ? 'ko-KR' : 'en-US', viewport: { width, height: 900 }, reducedMotion: 'reduce', bears: /status of 422/ }));
      }
    }
  }
}
