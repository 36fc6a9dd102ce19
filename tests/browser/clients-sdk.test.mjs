// Kakao's JavaScript SDK in Chromium, on a page of a registered domain, with the sandbox behind Kakao's host names. See clients/README.md.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { chromium } from 'playwright-core';

import { record } from './clients/record.mjs';
import { TEMPLATES } from './clients/templates.mjs';
import { startServer } from './server.mjs';

const SDK = process.env.KAKAO_JS_SDK ?? new URL('clients/kakao-sdk.js', import.meta.url);
const JAVASCRIPT_KEY = '2'.repeat(32);
const ANDROID = 'Mozilla/5.0 (Linux; Android 14; SM-S911N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36';
/** One pixel would be too small: a picture of 200x200 in one colour. */
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAMgAAADICAIAAAAiOjnJAAABdklEQVR42u3SMQ0AAAzDsPLnORpTSezYYckIomQncE4CjIWxMBYYC2NhLDAWxsJYYCyMhbHAWBgLY4GxMBbGAmNhLIwFxsJYGAuMhbEwFhgLY2EsMBbGwlhgLIyFscBYGAtjgbEwFsYCY2EsjAXGwlgYC4yFsTAWGAtjYSwwFsbCWGAsjIWxwFgYC2OBsTAWxgJjYSyMBcbCWBgLjIWxMBYYC2NhLDAWxsJYYCyMhbHAWBgLY2EsFTAWxsJYYCyMhbHAWBgLY4GxMBbGAmNhLIwFxsJYGAuMhbEwFhgLY2EsMBbGwlhgLIyFscBYGAtjgbEwFsYCY2EsjAXGwlgYC4yFsTAWGAtjYSwwFsbCWGAsjIWxwFgYC2OBsTAWxgJjYSyMBcbCWBgLjIWxMBYYC2NhLDAWxsJYYCyMhbHAWBgLY4GxMBbGwlgSYCyMhbHAWBgLY4GxMBbGAmNhLIwFxsJYGAuMhbEwFhgLY2EsMBbGwlhgLN4pS8fd+wZ46swAAAAASUVORK5CYII=', 'base64');

let server;
let browser;
before(async () => {
  server = await startServer();
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
});
after(async () => { await browser?.close(); await server?.stop(); });

/** A page with the SDK on it; `asked` gets each call of Kakao's API with its answer. */
async function visit(story, { origin = 'https://example.com', ...options } = {}) {
  const context = await browser.newContext({ locale: 'ko-KR', ...options });
  const asked = [];
  const sdk = await readFile(SDK, 'utf8');
  await context.route('**/*', async (route) => {
    const request = route.request();
    const { hostname, pathname, search, origin: of } = new URL(request.url());
    if (of === origin) return route.fulfill(pathname === '/kakao.min.js' ? { contentType: 'text/javascript', body: sdk } : { contentType: 'text/html', body: '<!doctype html><title>page</title><input id="file" type="file"><script src="/kakao.min.js"></script>' });
    if (!/\.kakao\.com$/.test(hostname)) return route.abort();
    // Kakao's host names are the sandbox's; method, headers and body stay as the SDK made them.
    const answer = await route.fetch({ url: `${server.origin}${pathname}${search}`, maxRedirects: 0 });
    const headers = await request.allHeaders();
    asked.push({ path: pathname, method: request.method(), headers, parameters: request.method() === 'GET' ? search.slice(1) : request.postData() ?? '', status: answer.status(), text: await answer.text() });
    return route.fulfill({ response: answer });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  try {
    await page.goto(`${origin}/post/1`);
    await page.evaluate((key) => { window.Kakao.init(key); }, JAVASCRIPT_KEY);
    await story(page, asked, context);
  } finally {
    // What the page still asks for, such as its style, is of no interest any more.
    await context.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
  }
}

/** The settings of a share: execution params are texts in the JavaScript SDK. */
const settings = (type) => ({ objectType: type, ...JSON.parse(JSON.stringify(TEMPLATES[type]), (name, value) => (/xecutionParams$/.test(name) ? 'key1=v' : value)), serverCallbackArgs: { order: '42' } });

async function until(asked, path) {
  for (let turn = 0; turn < 200; turn++) {
    const found = asked.find((one) => one.path.startsWith(path));
    if (found) return found;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  throw new Error(`nobody asked for ${path}: ${asked.map((one) => one.path)}`);
}

for (const type of Object.keys(TEMPLATES)) {
  test(`on a phone a ${type} template is validated by the template API`, async () => {
    await visit(async (page, asked) => {
      await page.evaluate((given) => { window.Kakao.Share.sendDefault(given); }, settings(type));
      const { status, text, ...sent } = await until(asked, '/v2/api/kakaolink/talk/template/default');
      assert.equal(status, 200, text);
      const answer = JSON.parse(text);
      assert.ok(answer.template_msg.P && answer.template_msg.C, text);
      assert.equal(sent.headers.authorization, `KakaoAK ${JAVASCRIPT_KEY}`);
      assert.match(sent.headers.ka, /origin\/https%3A%2F%2Fexample\.com/);
      await record('javascript-sdk', `${type}-phone`, sent, { status, keys: Object.keys(answer) });
    }, { userAgent: ANDROID });
  });
}

test('on a phone a custom template and a page are validated', async () => {
  await visit(async (page, asked) => {
    await page.evaluate(() => { window.Kakao.Share.sendCustom({ templateId: 1003, templateArgs: { PRODUCT: '붕어빵' } }); });
    const custom = await until(asked, '/v2/api/kakaolink/talk/template/validate');
    assert.equal(custom.status, 200, custom.text);
    assert.equal(JSON.parse(custom.text).template_args['${PRODUCT}'], '붕어빵');
    await page.evaluate(() => { window.Kakao.Share.sendScrap({ requestUrl: 'http://localhost:3000/' }); });
    const page2 = await until(asked, '/v2/api/kakaolink/talk/template/scrap');
    assert.equal(page2.status, 200, page2.text);
    assert.ok(page2.headers, 'a page that cannot be reached is still answered');
  }, { userAgent: ANDROID });
});

test('the older name Kakao.Link does the same', { skip: process.env.KAKAO_JS_SDK ? 'only SDKs before 2.0 have it' : false }, async () => {
  await visit(async (page, asked) => {
    await page.evaluate((given) => { window.Kakao.Link.sendDefault(given); }, settings('feed'));
    assert.equal((await until(asked, '/v2/api/kakaolink/talk/template/default')).status, 200);
  }, { userAgent: ANDROID });
});

test('a page of a domain that is not registered is refused in the words of Kakao', async () => {
  await visit(async (page, asked) => {
    await page.evaluate((given) => { window.Kakao.Share.sendDefault(given); }, settings('feed'));
    const { status, text } = await until(asked, '/v2/api/kakaolink/talk/template/default');
    assert.equal(status, 401);
    assert.deepEqual(JSON.parse(text), { msg: 'domain mismatched! caller=https://elsewhere.example. check out registered web domains.', code: -401 });
  }, { userAgent: ANDROID, origin: 'https://elsewhere.example' });
});

test('on a computer the picker opens in a popup with the message in it', async () => {
  await visit(async (page, asked, context) => {
    const opened = context.waitForEvent('page');
    await page.evaluate((given) => { window.Kakao.Share.sendDefault(given); }, settings('feed'));
    const popup = await opened;
    const { status, parameters, text, ...sent } = await until(asked, '/picker/link');
    assert.equal(status, 200, text);
    const form = new URLSearchParams(parameters);
    assert.deepEqual([form.get('app_key'), form.get('validation_action'), form.get('lcba')], [JAVASCRIPT_KEY, 'default', '{"order":"42"}']);
    await popup.waitForSelector('#validatedTalkLink', { state: 'attached' });
    const validated = JSON.parse(await popup.inputValue('#validatedTalkLink'));
    assert.equal(validated.template_msg.C.TI.TD.T, '딸기 치즈 케익', JSON.stringify(validated));
    await record('javascript-sdk', 'feed-computer', { ...sent, parameters }, { status, keys: [] });
  });
});

test('an image is uploaded, scraped and deleted', async () => {
  await visit(async (page, asked) => {
    await page.setInputFiles('#file', { name: 'a.png', mimeType: 'image/png', buffer: PICTURE });
    const uploaded = await page.evaluate(() => window.Kakao.Share.uploadImage({ file: document.querySelector('#file').files }));
    const { url, content_type: type, width, height } = uploaded.infos.original;
    assert.deepEqual([type, width, height], ['image/png', 200, 200]);
    const scraped = await page.evaluate((imageUrl) => window.Kakao.Share.scrapImage({ imageUrl }), `${server.origin}/static/favicon.svg`).catch((error) => error);
    assert.ok(scraped, 'answered, whatever the picture is');
    await page.evaluate((imageUrl) => window.Kakao.Share.deleteImage({ imageUrl }), url);
    const calls = asked.filter(({ method }) => method !== 'OPTIONS').map(({ method, path }) => `${method} ${path.split('/').at(-1)}`);
    assert.deepEqual(calls, ['POST upload', 'POST scrap', 'DELETE delete']);
  });
});

