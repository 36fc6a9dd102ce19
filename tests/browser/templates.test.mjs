// The templates page in a real browser, against a real server and a real webhook handler. Each test's name is what a developer may
// rely on.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { startHandler } from './handler.mjs';
import { HANGUL, world } from './harness.mjs';
import { arrive, below, bottom, drawn, marked, told, write } from './templates.mjs';

const handler = await startHandler();
const folder = await mkdtemp(join(tmpdir(), 'scraplens-templates-'));
after(async () => {
  await handler.close();
  await rm(folder, { recursive: true });
});

const at = world(async (site) => {
  const file = join(folder, 'scraplens.toml');
  await writeFile(file, `[sandbox]
store = ""

[[sandbox.apps]]
id = 1
name = "Test app"
native_key = "11111111111111111111111111111111"
javascript_key = "22222222222222222222222222222222"
rest_key = "33333333333333333333333333333333"
admin_key = "44444444444444444444444444444444"
web_domains = ["https://example.com", "${site.origin}"]
webhook_url = "${handler.url}"
webhook_method = "POST"
`);
  return ['--config', file];
});
const { visit } = at;

const TEXT = { object_type: 'text', text: 'Dinner at seven', link: { web_url: 'https://example.com', mobile_web_url: 'https://example.com' }, button_title: 'Details' };

test('every sample is a template without errors, and is drawn', () => visit(async (page) => {
  await arrive(page, at.server);
  const names = await page.locator('#sample option').evaluateAll((all) => all.map((one) => one.value).filter(Boolean));
  assert.ok(names.length > 6, names.join());
  assert.deepEqual(await page.locator('[data-type]').evaluateAll((all) => all.map((one) => one.dataset.type)), ['feed', 'list', 'location', 'commerce', 'text', 'calendar']);
  for (const name of names) {
    await page.selectOption('#sample', name);
    await page.waitForSelector('.stage:not(.old)');
    await page.waitForTimeout(300);
    assert.equal(await page.locator('#problems .severity.error').count(), 0, `${name}: ${await page.textContent('#problems')}`);
    assert.deepEqual(await marked(page, 'error'), [], name);
  }
}));

test('what is typed changes the bubble', () => visit(async (page) => {
  await arrive(page, at.server);
  await write(page, TEXT);
  await drawn(page, /Dinner at seven/);
  await page.locator('#text').press('Control+Home');
  const line = JSON.stringify(TEXT, null, 2).split('\n').findIndex((one) => one.includes('Dinner'));
  for (let step = 0; step < line; step += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.type(' or eight');
  await drawn(page, /Dinner at seven or eight/);
}));

test('a broken rule stands at its line, with its path, what to do and how well it is known', () => visit(async (page) => {
  await arrive(page, at.server);
  const text = JSON.stringify({ ...TEXT, buttons: [{ title: 'One', link: TEXT.link }, { title: 'Two', link: TEXT.link }, { title: 'Three', link: TEXT.link }] }, null, 2);
  await write(page, text);
  await page.waitForSelector('#problems .finding');
  const wrong = await page.evaluate(() => [...document.querySelectorAll('#problems .finding')].map((one) => one.textContent));
  assert.ok(wrong.some((one) => /buttons/.test(one)), wrong.join('\n'));
  const lines = await page.evaluate(() => [...document.querySelectorAll('.paint > .line')].flatMap((line, index) => (line.matches('.error, .warning') ? [index + 1] : [])));
  const buttons = text.split('\n').findIndex((line) => line.includes('"buttons"')) + 1;
  assert.ok(lines.length && lines.every((line) => line >= buttons), `${lines} from ${buttons}`);
  await page.locator('#problems .there').first().click();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'text');
  assert.match(await page.textContent('#here'), HANGUL);
}));

test('JSON that is broken is told at the line where it breaks, and the last bubble stays', () => visit(async (page) => {
  await arrive(page, at.server);
  await write(page, TEXT);
  await drawn(page, /Dinner/);
  await write(page, '{\n  "object_type": "text",\n  "text": "x"\n  "link": {}\n}');
  await page.waitForSelector('.stage.old');
  const [line] = await marked(page, 'error');
  assert.ok(line === 3 || line === 4, `marked at ${line}`);
  await drawn(page, /Dinner/);
}));

test('a link to a domain that is not registered is told before anyone sends it', () => visit(async (page) => {
  await arrive(page, at.server);
  await write(page, { ...TEXT, link: { web_url: 'https://elsewhere.example/a' } });
  await page.waitForFunction(() => /elsewhere\.example/.test(document.querySelector('#problems').textContent));
  await below(page);
  await page.waitForFunction(() => /DOMAIN_CHECK_PASS/.test(document.querySelector('#envelope').textContent));
}));

test('theme and device change the drawing, and it is saved as a picture', () => visit(async (page) => {
  await arrive(page, at.server);
  await write(page, TEXT);
  await drawn(page, /Dinner/);
  await page.click('.switches [data-value="dark"]');
  await page.click('.switches [data-value="pc"]');
  await page.waitForFunction(() => document.querySelector('#bubble .drawn').shadowRoot.querySelector('.bubble.dark.pc'));
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-save="png"]')]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  assert.equal(Buffer.concat(chunks).subarray(1, 4).toString(), 'PNG');
}));

test('a custom template opens with its arguments, and a missing one is named as Kakao names it', () => visit(async (page) => {
  await arrive(page, at.server);
  await page.click('#mode [data-value="custom"]');
  await page.waitForSelector('#template');
  const ids = await page.locator('#template option').evaluateAll((all) => all.map((one) => one.value));
  assert.ok(ids.length > 0);
  let filled = false;
  for (const id of ids) {
    await page.selectOption('#template', id);
    await page.waitForSelector('.stage:not(.old)');
    await page.waitForTimeout(400);
    const field = page.locator('[data-argument]').first();
    if (!(await field.count())) continue;
    const name = await field.getAttribute('data-argument');
    assert.match(await page.textContent(`[data-note="${name}"]`), /there's no given value/);
    await field.fill('Ryan of the test');
    await page.waitForFunction((wanted) => document.querySelector(`[data-note="${wanted}"]`)?.textContent === '', name);
    filled = true;
  }
  assert.ok(filled, 'a template with arguments');
}));

test('a page is scraped into Kakao’s own template, with what is inferred', () => visit(async (page) => {
  await arrive(page, at.server);
  await page.click('#mode [data-value="scrape"]');
  await page.fill('#page-url', `${at.site.origin}/good`);
  await page.click('#page-form button');
  await drawn(page, /Autumn knitwear/);
  await below(page);
  await page.waitForSelector('.guesses');
  assert.match(await page.textContent('.guesses'), HANGUL);
  assert.match(await page.textContent('.scraped'), /Autumn knitwear/);
}));

test('code for every platform is made of what stands in the editor', () => visit(async (page) => {
  await arrive(page, at.server);
  await write(page, TEXT);
  await drawn(page, /Dinner/);
  await below(page);
  await page.locator('#code').scrollIntoViewIfNeeded();
  for (const target of ['javascript', 'android', 'ios', 'flutter', 'rest']) {
    await page.click(`#code [data-value="${target}"]`);
    await page.waitForFunction(() => /Dinner/.test(document.querySelector('#code pre')?.textContent ?? ''));
    await page.waitForTimeout(150);
    assert.match(await page.textContent('#code pre'), /Dinner at seven/, target);
  }
}));

test('a simulated share makes the webhook arrive at the handler, and the log shows it; it can be sent again', () => visit(async (page) => {
  await arrive(page, at.server);
  await write(page, TEXT);
  await drawn(page, /Dinner/);
  await below(page);
  await page.selectOption('#chat', 'MultiChat');
  await page.locator('.pair input').nth(0).fill('order');
  await page.locator('.pair input').nth(1).fill('1024 가');
  const before = handler.arrived.length;
  await page.click('#share .go');
  await page.waitForSelector('#deliveries details[open]');
  assert.equal(handler.arrived.length, before + 1);
  const { method, path, headers, body } = handler.arrived.at(-1);
  assert.equal(`${method} ${path}`, 'POST /share-hook');
  assert.equal(headers['user-agent'], 'KakaoOpenAPI/1.0');
  assert.equal(headers.authorization, 'KakaoAK 44444444444444444444444444444444');
  assert.ok(headers['x-kakao-resource-id']);
  const { CHAT_TYPE: chat, HASH_CHAT_ID: hash, order } = JSON.parse(body);
  assert.deepEqual({ chat, order }, { chat: 'MultiChat', order: '1024 가' });
  assert.ok(hash);
  assert.match(await page.textContent('#share .outcome'), /전달됨/);
  assert.match(await page.textContent('.deliveries > li:first-child'), /전달됨.*HTTP 200.*MultiChat.*noted/s);
  assert.doesNotMatch(await page.textContent('#deliveries'), /4{32}/);

  handler.answerWith(500);
  await page.locator('#deliveries .replay').first().click();
  await page.waitForSelector('.deliveries > li:nth-child(2)');
  handler.answerWith(200);
  assert.equal(handler.arrived.length, before + 2);
  assert.notEqual(handler.arrived.at(-1).headers['x-kakao-resource-id'], headers['x-kakao-resource-id']);
  assert.match(await page.textContent('.deliveries > li:first-child'), /다시 보냄.*HTTP 500/s);
}));

test('a share without callback arguments sends no webhook, and the page says why', () => visit(async (page) => {
  await arrive(page, at.server);
  await write(page, TEXT);
  await drawn(page, /Dinner/);
  await below(page);
  const before = handler.arrived.length;
  await page.click('#share .go');
  await page.waitForSelector('#share .outcome .mark');
  assert.equal(handler.arrived.length, before);
  assert.match(await page.textContent('#share .outcome'), /보내지 않음.*serverCallbackArgs/s);
  await bottom(page);
  await page.waitForFunction(() => /[\d,]+ \/ 30,000/.test(document.querySelector('#deliveries .foot').textContent));
}));

test('the handler is tried with what real shares bring', () => visit(async (page) => {
  page.setDefaultTimeout(90_000);
  await arrive(page, at.server);
  await below(page);
  const before = handler.arrived.length;
  await page.click('#handler header button');
  await page.waitForSelector('#handler .trials li');
  assert.ok(handler.arrived.length >= before + 5);
  assert.ok((await page.locator('#handler .trials li').count()) >= 5);
}));

test('what is written is sent in bodies to this server alone: in no address, and nowhere else', () => visit(async (page) => {
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await arrive(page, at.server);
  await write(page, { ...TEXT, text: 'secret-word' });
  await drawn(page, /secret-word/);
  await below(page);
  assert.deepEqual(asked.filter((url) => url.includes('secret')), []);
  assert.doesNotMatch(page.url(), /secret/);
  await page.reload();
  await drawn(page, /secret-word/);
}));

test('hostile text in a template is drawn as text', () => visit(async (page) => {
  await arrive(page, at.server);
  await write(page, { ...TEXT, text: '<img src=x onerror=alert(1)><script>alert(2)</script>', button_title: '"><svg onload=alert(3)>' });
  await drawn(page, /<img src=x onerror=alert\(1\)>/);
  assert.equal(await page.evaluate(() => document.querySelector('#bubble .drawn').shadowRoot.querySelectorAll('script, svg[onload], img[onerror]').length), 0);
}));
