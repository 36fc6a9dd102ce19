// What the tests share: the server, the site, the browser, and a visitor who notices whatever must not happen.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, before } from 'node:test';

import { chromium } from 'playwright-core';

import { startServer } from './server.mjs';
import { startSite } from './site.mjs';

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
export const HANGUL = /[가-힣]/;
/** What stands on the page once a scrape is done. */
export const REPORT = '#view.report:not(.live)';

/** `{ server, site, browser }`, there while the tests of a file run. `prepare(site)` gives arguments for the server. */
export function world(prepare = () => []) {
  const made = {};
  before(async () => {
    made.site = await startSite();
    made.server = await startServer(await prepare(made.site));
    made.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS });
  });
  after(async () => {
    await made.browser?.close();
    await made.site?.close();
    await made.server?.stop();
  });

  /**
   * A fresh visitor. What every test relies on is checked here: no console errors, no CSP violations, no dialogs, and no request to
   * anywhere but the server. `bears` excuses console errors that belong to the test, such as a 503 that it asks for.
   */
  made.visit = async (story, { bears = null, ...context } = {}) => {
    const { server, browser } = made;
    const visitor = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 900 }, ...context });
    const page = await visitor.newPage();
    page.setDefaultTimeout(Number(process.env.PATIENCE ?? 20_000));
    const wrong = [];
    page.on('dialog', (dialog) => { wrong.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
    page.on('pageerror', (error) => wrong.push(`error: ${error.stack}`));
    page.on('console', (message) => { if (['error', 'warning'].includes(message.type()) && !bears?.test(message.text())) wrong.push(`console: ${message.text()}`); });
    page.on('request', (request) => { if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(`${server.origin}/`)) wrong.push(`request: ${request.url()}`); });
    await page.exposeFunction('violated', (what) => wrong.push(`CSP: ${what}`));
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => window.violated?.(`${event.violatedDirective} ${event.blockedURI}`));
    });
    try {
      await story(page, visitor);
      await page.waitForTimeout(50);
      assert.deepEqual(wrong, []);
    } catch (error) {
      if (process.env.SCREENSHOTS) await picture(page);
      if (wrong.length) error.message += `\nand: ${wrong.join('\n')}`;
      throw error;
    } finally {
      await visitor.close();
    }
  };

  /** The address of the page that shows what is at `url`. */
  made.shown = (url, more = {}) => `${made.server.origin}/?${new URLSearchParams({ url, ...more })}`;

  /** Opens the report of a path of the site. */
  made.open = async (page, path, more = {}) => {
    await page.goto(made.shown(`${made.site.origin}${path}`, more));
    await page.waitForSelector(REPORT);
  };
  return made;
}

/** Types an address and waits for its report. */
export async function scrape(page, url) {
  await page.fill('#url', url);
  await page.click('#ask .go');
  await page.waitForSelector(REPORT);
}

export const headline = (page) => page.textContent('#verdict h2');

/** The message in the preview, once it is drawn. */
export async function bubble(page) {
  await page.waitForSelector('#preview iframe:not(.coming)');
  return page.frameLocator('#preview iframe').locator('.bubble');
}

/** The title in the message; the server breaks its lines, so white space does not count. */
export async function title(page) {
  return tight(await (await bubble(page)).locator('.title').textContent());
}

export const tight = (text) => text.replace(/\s+/g, '');

async function picture(page) {
  const folder = new URL('screenshots/', import.meta.url);
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: new URL(`${Date.now()}.png`, folder).pathname, fullPage: true });
}
