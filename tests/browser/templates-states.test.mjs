// The templates page where a server would have to be prepared: the editor, failures, waiting, hostile text, the keyboard, languages,
// contrast, sizes, weight. The answers are made by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CUSTOM, FEED, PLAIN, TEMPLATES, answerAll, checked, delivery, drawn as message, problem } from './canned-templates.mjs';
import { faintTexts } from './contrast.mjs';
import { HANGUL, headline, world } from './harness.mjs';
import { PAYLOADS } from './payloads.mjs';
import { READY, arrive, below, bottom, drawn, marked, told, write } from './templates.mjs';

const at = world();
const { visit } = at;
const modifier = 'Control';

test('the first visit shows a sample, its bubble and no problem', () => visit(async (page) => {
  await answerAll(page);
  await arrive(page, at.server);
  await drawn(page, /딸기 치즈 케익/);
  assert.equal(await page.inputValue('#text'), FEED);
  assert.match(await page.textContent('#problems'), /문제없음/);
  assert.equal(await page.getAttribute('[data-sample="feed"]', 'aria-pressed'), 'true');
  assert.equal(await page.locator('.paint > .line').count(), FEED.split('\n').length);
}));

test('what is painted is what is written, line by line', () => visit(async (page) => {
  await answerAll(page);
  await arrive(page, at.server);
  const same = () => page.evaluate(() => [...document.querySelectorAll('.paint > .line')].map((line) => line.textContent.slice(0, -1)).join('\n') === document.querySelector('#text').value);
  assert.ok(await same());
  for (const text of ['', '\n\n', '{"a":1}', FEED.replace('딸기', '🍓\t<b>'), `${FEED}\n\n${PLAIN}`, 'x'.repeat(9_000)]) {
    await write(page, text);
    assert.ok(await same(), text.slice(0, 40));
  }
  await page.locator('#text').press(`${modifier}+Home`);
  await page.keyboard.type('{ "가나": ["\\"", -1.5e3, true] }\n');
  assert.ok(await same());
}));

test('the text box and the paint under it have the same measures, so the cursor stands where the letter is', () => visit(async (page) => {
  await answerAll(page);
  await arrive(page, at.server);
  await write(page, `${JSON.stringify({ object_type: 'feed', content: { title: `한글과 ${'long words '.repeat(40)}` } }, null, 2)}\n${'{}\n'.repeat(120)}`);
  const { box, paint, styles } = await page.evaluate(() => {
    const [area, pre] = [document.querySelector('#text'), document.querySelector('.paint')];
    const style = (element) => { const { fontFamily, fontSize, lineHeight, letterSpacing, tabSize } = getComputedStyle(element); return [fontFamily, fontSize, lineHeight, letterSpacing, tabSize].join(); };
    return { box: [area.offsetWidth, area.offsetHeight, area.scrollWidth, area.scrollHeight], paint: [pre.offsetWidth, pre.offsetHeight], styles: [style(area), style(pre)] };
  });
  assert.deepEqual(box.slice(0, 2), paint);
  assert.ok(Math.abs(box[2] - box[0]) <= 1 && Math.abs(box[3] - box[1]) <= 1, `the box scrolls by itself: ${box}`);
  assert.equal(styles[0], styles[1]);
}));

test('a problem stands at its line: marked there, told below the editor when the cursor is there, and in the list', () => visit(async (page) => {
  await answerAll(page);
  await arrive(page, at.server);
  await write(page, FEED.replace('웹으로 보기', '웹으로 자세히 보기 바로'));
  const item = await told(page, 'text-too-long');
  const line = FEED.split('\n').findIndex((one) => one.includes('웹으로 보기')) + 1;
  assert.deepEqual(await marked(page, 'warning'), [line]);
  assert.equal(await page.locator(`.paint > .line:nth-child(${line}) .wavy.warning`).textContent(), '"웹으로 자세히 보기 바로"');
  assert.match(await item.textContent(), /8자 이내로.*buttons\[0\]\.title.*13 \/ 최대 8.*카카오 문서.*message-template\/default/s);
  await item.locator('.there').click();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'text');
  assert.equal(await page.evaluate(() => { const area = document.querySelector('#text'); return area.value.slice(0, area.selectionStart).split('\n').length; }), line);
  assert.match(await page.textContent('#here'), /8자를 넘습니다/);
  assert.equal(await page.getAttribute('#text', 'aria-invalid'), 'false');
}));

test('broken JSON keeps the last good bubble, dimmed, and says so', () => visit(async (page) => {
  await answerAll(page);
  await arrive(page, at.server);
  await write(page, FEED.slice(0, -3));
  await told(page, 'json-broken');
  await page.waitForSelector('.stage.old');
  assert.match(await page.textContent('.stale'), HANGUL);
  await drawn(page, /딸기 치즈 케익/);
  assert.equal(await page.getAttribute('#text', 'aria-invalid'), 'true');
  assert.equal(await page.locator('[data-save="png"]').isDisabled(), true);
  await write(page, FEED);
  await page.waitForSelector('.stage:not(.old)');
  assert.equal(await page.textContent('.stale'), '');
}));

test('a text that never made a message leaves no empty box behind, but a sentence', () => visit(async (page) => {
  await answerAll(page);
  await page.addInitScript(() => localStorage.setItem('scraplens.template', JSON.stringify({ mode: 'default', texts: { default: '{' } })));
  await page.goto(`${at.server.origin}/templates`);
  await told(page, 'json-broken');
  assert.match(await page.textContent('.stage .none'), HANGUL);
  assert.equal(await page.locator('.drawn').isVisible(), false);
}));

test('only what was written last is asked about, and an answer that comes late changes nothing', () => visit(async (page) => {
  const { checks } = await answerAll(page, { check: async (question) => {
    if (question.text.includes('slow')) await new Promise((resolve) => { setTimeout(resolve, 1_200); });
    return checked(question);
  } });
  await arrive(page, at.server);
  const before = checks.length;
  await write(page, FEED.replace('딸기 치즈 케익', 'slow'));
  await page.waitForTimeout(500);
  await write(page, FEED.replace('딸기 치즈 케익', 'quick'));
  await drawn(page, /quick/);
  await page.waitForTimeout(1_500);
  await drawn(page, /quick/);
  assert.equal(checks.length - before, 2);
  await page.locator('#text').pressSequentially('          ', { delay: 10 });
  await page.waitForTimeout(600);
  assert.ok(checks.length - before <= 4, `${checks.length - before} questions for ten quick keys`);
}, { bears: /ERR_ABORTED/ }));

test('Tab indents, Escape and Tab leave, Enter keeps the indentation, and all of it can be undone', () => visit(async (page) => {
  await answerAll(page);
  await arrive(page, at.server);
  await write(page, '{');
  await page.locator('#text').press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('"a": 1');
  assert.equal(await page.inputValue('#text'), '{\n  "a": 1');
  await page.keyboard.press('Tab');
  assert.equal(await page.inputValue('#text'), '{\n  "a": 1  ');
  await page.keyboard.press(`${modifier}+a`);
  await page.keyboard.press('Tab');
  assert.equal(await page.inputValue('#text'), '  {\n    "a": 1  ');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await page.inputValue('#text'), '{\n  "a": 1  ');
  for (let step = 0; step < 12 && (await page.inputValue('#text')) !== '{'; step += 1) await page.keyboard.press(`${modifier}+z`);
  assert.equal(await page.inputValue('#text'), '{');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  assert.notEqual(await page.evaluate(() => document.activeElement.id), 'text');
  await page.focus('#text');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+Tab');
  assert.notEqual(await page.evaluate(() => document.activeElement.id), 'text');
  assert.equal(await page.inputValue('#text'), '{');
}));

test('a sample and the format button go through the undo of the editor', () => visit(async (page) => {
  await answerAll(page);
  await arrive(page, at.server);
  const mine = '{"object_type":"text","text":"mine","n":12345678901234567890}';
  await write(page, mine);
  await page.click('#tidy');
  assert.equal(await page.inputValue('#text'), '{\n  "object_type": "text",\n  "text": "mine",\n  "n": 12345678901234567890\n}');
  await page.click('[data-sample="text"]');
  assert.equal(await page.inputValue('#text'), PLAIN);
  await drawn(page, /7시에 만나요/);
  await page.focus('#text');
  await page.keyboard.press(`${modifier}+z`);
  await page.keyboard.press(`${modifier}+z`);
  assert.equal(await page.inputValue('#text'), mine);
}));

test('a custom template opens in the editor with a field for each argument; the page fills the others', () => visit(async (page) => {
  const { checks } = await answerAll(page);
  await arrive(page, at.server);
  await page.click('#mode [data-value="custom"]');
  await page.waitForSelector('[data-argument="name"]');
  assert.equal(await page.inputValue('#text'), CUSTOM);
  assert.match(await page.textContent('[data-note="count"]'), /there's no given value/);
  await page.fill('[data-argument="name"]', '라이언');
  await drawn(page, /라이언/);
  assert.equal(await page.textContent('[data-note="name"]'), '');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.argument), 'name', 'the field keeps the focus');
  assert.match(await page.textContent('[data-note="SCRAP_TITLE"]'), /주소를 넣으면/);
  await page.fill('#page-url', 'example.com/a');
  await page.click('#page-form button');
  await page.waitForSelector('.scraped');
  assert.equal(await page.textContent('[data-note="SCRAP_TITLE"]'), 'A scraped title');
  assert.deepEqual({ ...checks.at(-1), text: '' }, { text: '', syntax: 'toml', kind: 'custom', args: { name: '라이언' }, url: 'https://example.com/a', theme: 'light', width: 'phone', lang: 'ko' });
  assert.equal(await page.getAttribute('.scraped a', 'href'), '/?url=https%3A%2F%2Fexample.com%2Fa');
}));

test('a custom template whose text is not given is asked for by its id', () => visit(async (page) => {
  const { checks } = await answerAll(page);
  await arrive(page, at.server);
  await page.click('#mode [data-value="custom"]');
  await page.selectOption('#template', '1002');
  await page.waitForSelector('[data-argument="place"]');
  assert.equal(await page.locator('#editor').isVisible(), false);
  assert.equal(checks.at(-1).template_id, 1002);
  assert.equal(checks.at(-1).text, undefined);
}));

test('each way keeps its own text, and a reload keeps all of it in this browser alone', () => visit(async (page) => {
  await answerAll(page);
  await arrive(page, at.server);
  await write(page, FEED.replace('딸기', '복숭아'));
  await page.click('#mode [data-value="custom"]');
  await page.waitForSelector('[data-argument="name"]');
  await page.fill('[data-argument="name"]', 'Ryan');
  await page.click('#mode [data-value="default"]');
  await drawn(page, /복숭아/);
  await page.reload();
  await page.waitForSelector(READY);
  await drawn(page, /복숭아/);
  assert.equal(await page.inputValue('#text'), FEED.replace('딸기', '복숭아'));
  await page.click('#mode [data-value="custom"]');
  assert.equal(await page.inputValue('[data-argument="name"]'), 'Ryan');
  assert.equal(page.url(), `${at.server.origin}/templates`);
}));

test('what is kept and is not ours does no harm', () => visit(async (page) => {
  await answerAll(page);
  await page.addInitScript(() => localStorage.setItem('scraplens.template', JSON.stringify({ mode: 'x', texts: 7, args: [1], callback: { rows: 'no', json: {} }, theme: 'pink', template: 'a', syntax: null })));
  await arrive(page, at.server);
  await drawn(page, /딸기/);
}));

test('a page is scraped into Kakao’s own template, and what is inferred is said', () => visit(async (page) => {
  const { checks } = await answerAll(page);
  await arrive(page, at.server);
  await page.click('#mode [data-value="scrape"]');
  await page.waitForFunction(() => /주소를 넣고/.test(document.querySelector('.stage .none').textContent));
  assert.match(await page.textContent('#problems'), /아직 없습니다/);
  await page.fill('#page-url', 'https://example.com/');
  await page.keyboard.press('Enter');
  await drawn(page, /A scraped title/);
  assert.deepEqual(checks.at(-1), { url: 'https://example.com/', theme: 'light', width: 'phone', lang: 'ko' });
  assert.match(await page.textContent('.guesses'), /공개되어 있지 않습니다.*scrape-envelope/s);
  assert.match(await page.textContent('.scraped'), /이미지가 작습니다/);
}));

test('theme and device of the bubble are switches of their own, and its picture can be saved', () => visit(async (page) => {
  const { checks } = await answerAll(page);
  const files = [];
  await page.route('**/api/v1/template/preview.*', (route) => { files.push([route.request().url().split('/').at(-1), route.request().postDataJSON().theme]); return route.fulfill({ contentType: 'image/png', body: 'PNG' }); });
  await arrive(page, at.server);
  await page.click('.switches [data-value="dark"]');
  await page.click('.switches [data-value="pc"]');
  await page.waitForFunction(() => document.querySelector('#bubble .drawn').shadowRoot.querySelector('.bubble.dark.pc'));
  assert.equal(checks.at(-1).theme, 'dark');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-save="png"]')]);
  assert.equal(download.suggestedFilename(), 'scraplens-feed-dark.png');
  assert.deepEqual(files, [['preview.png', 'dark']]);
}));

test('the answer of Kakao and the code can be copied, and the code follows the target', () => visit(async (page, visitor) => {
  await visitor.grantPermissions(['clipboard-read', 'clipboard-write']);
  await answerAll(page);
  await arrive(page, at.server);
  await below(page);
  await page.click('#envelope header button');
  assert.equal(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())).template_id, 17_888);
  await page.locator('#code').scrollIntoViewIfNeeded();
  await page.waitForSelector('#code pre');
  await page.click('#code [data-value="flutter"]');
  await page.waitForSelector('#code [data-language="flutter"]');
  await page.click('#code header button');
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^\/\/ flutter\n/);
  assert.match(await page.textContent('#code .limits'), /Kakao\.init/);
}));

test('a simulated share sends the chat and the arguments, and its webhook stands in the log', () => visit(async (page) => {
  const { sends } = await answerAll(page);
  await arrive(page, at.server);
  await below(page);
  await page.selectOption('#chat', 'OpenMultiChat');
  await page.locator('.pair input').nth(0).fill('order');
  await page.locator('.pair input').nth(1).fill('1024');
  await page.click('#share .go');
  await page.waitForSelector('#deliveries details[open]');
  assert.equal(sends[0].chat_type, 'OpenMultiChat');
  assert.deepEqual(sends[0].callback_args, { order: '1024' });
  assert.match(await page.textContent('#share .outcome'), /전달됨/);
  assert.match(await page.textContent('#deliveries'), /KakaoOpenAPI\/1\.0.*"order": "1024".*HTTP 200/s);
  await page.click('#deliveries .replay');
  await page.waitForSelector('.deliveries > li:nth-child(2)');
  assert.match(await page.textContent('.deliveries > li:first-child'), /다시 보냄/);
  assert.match(await page.textContent('#deliveries .foot'), /29,998 \/ 30,000/);
}));

test('callback arguments may be JSON, and JSON that is broken is not sent', () => visit(async (page) => {
  const { sends } = await answerAll(page);
  await arrive(page, at.server);
  await below(page);
  await page.click('#share .seg [data-value="json"]');
  await page.fill('#callback-json', '{"a": ');
  await page.click('#share .go');
  assert.match(await page.textContent('#share .outcome'), /JSON이 올바르지 않습니다/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'callback-json');
  assert.equal(sends.length, 0);
  await page.fill('#callback-json', '{"a": [1, "b"]}');
  await page.click('#share .go');
  await page.waitForSelector('#share .outcome .mark');
  assert.equal(sends[0].callback_args, '{"a": [1, "b"]}');
}));

test('a share that Kakao refuses says so with Kakao’s own error, and one without a webhook says what to do', () => visit(async (page) => {
  const answers = [{ answer: null, delivery: null, error: { code: -10, msg: 'API limit has been exceeded.' } },
    { answer: checked({ text: FEED, kind: 'default' }), delivery: delivery({ outcome: 'not-sent', status: null, answer: null, conclusion: { ko: '웹훅 주소가 없어 보내지 않았습니다.', en: 'Not sent.' }, advice: { ko: 'webhook_url을 설정하세요.', en: 'Set webhook_url.' } }), error: null }];
  await answerAll(page, { send: () => answers.shift() });
  await arrive(page, at.server);
  await below(page);
  await page.click('#share .go');
  await page.waitForSelector('#share .outcome .mark.error');
  assert.match(await page.textContent('#share .outcome'), /"code": -10.*API limit has been exceeded\./);
  await page.click('#share .go');
  await page.waitForFunction(() => /webhook_url/.test(document.querySelector('#share .outcome').textContent));
  assert.match(await page.textContent('#share .outcome'), /보내지 않음.*주소가 없어/s);
}));

test('without a webhook address the page says where it is set, and the handler cannot be checked', () => visit(async (page) => {
  await answerAll(page, { apps: [{ id: 1, name: 'Sandbox', webhook: { url: null, method: 'POST' } }] });
  await arrive(page, at.server);
  await below(page);
  assert.match(await page.textContent('#handler'), /webhook_url/);
  assert.equal(await page.locator('#handler header button').isDisabled(), true);
}));

test('the handler check tells each trial and whether the handler survives', () => visit(async (page) => {
  await answerAll(page);
  await arrive(page, at.server);
  await below(page);
  await page.click('#handler header button');
  await page.waitForSelector('#handler .trials li');
  assert.match(await page.textContent('#handler'), /버티지 못합니다.*시험 2건.*이모지 값/s);
}));

test('another app is asked about everywhere', () => visit(async (page) => {
  const { checks, sends } = await answerAll(page, { apps: [{ id: 1, name: 'One', webhook: { url: null } }, { id: 2, name: 'Two', webhook: { url: null } }] });
  await arrive(page, at.server);
  await page.selectOption('#app select', '2');
  await page.waitForFunction(() => document.querySelector('#share'));
  await page.waitForTimeout(300);
  assert.equal(checks.at(-1).app, 2);
  await page.click('#share .go');
  await page.waitForSelector('#share .outcome .mark');
  assert.equal(sends[0].app, 2);
}));

for (const [what, answer, words] of [
  ['a full server', { status: 503, headers: { 'retry-after': '7' }, json: { status: 503, code: 'busy', title: 'busy', detail: 'busy' } }, /요청이 많습니다/],
  ['a server in trouble', { status: 500, json: { status: 500, code: 'internal', title: 'internal', detail: 'internal' } }, /서버에 문제/],
  ['a text that is too large', { status: 413, json: { status: 413, code: 'body-too-large', title: 'too large', detail: { ko: '본문이 너무 큽니다.', en: 'The body is too large.' } } }, /너무 큽니다/],
  ['an answer that is no answer', { status: 200, json: { hello: 1 } }, /읽을 수 없습니다/],
]) {
  test(`${what} is told in words, and the text and the last bubble stay`, () => visit(async (page) => {
    await answerAll(page);
    await arrive(page, at.server);
    await page.route('**/api/v1/template/check', (route) => route.fulfill(answer), { times: 1 });
    await write(page, PLAIN);
    await page.waitForSelector('#verdict:not([hidden])');
    assert.match(await page.textContent('#verdict'), words);
    assert.equal(await page.inputValue('#text'), PLAIN);
    await page.waitForSelector('.stage.old');
    await drawn(page, /딸기/);
    await page.locator('#text').press('End');
    await page.keyboard.type(' ');
    await drawn(page, /7시에/);
    assert.equal(await page.locator('#verdict').isVisible(), false);
  }, { bears: /status of [45]\d\d/ }));
}

test('a lost connection says so, and goes on by itself once it is back', () => visit(async (page, visitor) => {
  await answerAll(page);
  await arrive(page, at.server);
  await page.route('**/api/v1/template/check', (route) => route.abort('internetdisconnected'), { times: 1 });
  await visitor.setOffline(true);
  await write(page, PLAIN);
  await page.waitForSelector('#verdict[data-tone="warn"]');
  assert.match(await headline(page), /연결/);
  await visitor.setOffline(false);
  await drawn(page, /7시에/);
}, { bears: /ERR_INTERNET_DISCONNECTED|Failed to (fetch|load)/ }));

/** What the drawn message must not hold, whatever arrived. */
function harm() {
  const root = document.querySelector('#bubble .drawn').shadowRoot;
  const found = [...root.querySelectorAll('script, style, iframe, object, embed, form, input, base, meta')].map((one) => one.outerHTML);
  for (const one of root.querySelectorAll('*')) for (const { name, value } of one.attributes) if (/^on|^style$|^srcdoc$/.test(name) || /^\s*(javascript|data):/i.test(name === 'src' ? '' : value)) found.push(`${name}=${value}`);
  return found;
}

test('hostile text in every answer stays text, also in the drawn message', () => visit(async (page) => {
  const evil = PAYLOADS('http://host.example');
  const said = (index) => ({ ko: evil[index % evil.length], en: evil[index % evil.length] });
  const all = (question) => {
    const answer = checked({ ...question, kind: 'custom', text: CUSTOM, url: 'https://example.com/' });
    answer.check.problems = evil.map((one, index) => problem({ code: one, path: one, message: said(index), advice: said(index + 1), source: one, line: index + 1, column: index, severity: ['error', 'warning', 'info'][index % 3] }));
    answer.check.arguments = evil.slice(0, 20);
    answer.check.scrap_arguments = evil.slice(20);
    answer.envelope = { template_id: 1, template_args: Object.fromEntries(evil.map((one) => [`\${${one}}`, one])), template_msg: { C: evil }, warning_msg: Object.fromEntries(evil.map((one) => [one, one])), argument_msg: Object.fromEntries(evil.map((one) => [`\${${one}}`, one])) };
    answer.inferred = evil.map((code, index) => ({ code, message: said(index) }));
    answer.report = { requested_url: 'https://example.com/', card: { title: evil[0], host: evil[1] }, findings: evil.map((_, index) => ({ severity: 'warning', message: said(index) })) };
    answer.bubble = { html: message(evil, question), missing: evil, pictures: evil.map((url) => ({ url, outcome: url })) };
    return answer;
  };
  const log = evil.map((one, index) => delivery({ id: `d${index}`, outcome: one, url: one, method: one, request: { headers: { [one]: one }, body: { [one]: one } }, answer: { headers: { x: one }, body: one, truncated: true }, conclusion: said(index), advice: said(index) }));
  await answerAll(page, { check: all, log, templates: [{ ...TEMPLATES[0], name: evil[2], file: evil[3], purpose: evil[4], object_type: evil[5], text: evil.join('\n') }], apps: [{ id: 1, name: evil[6], webhook: { url: evil[7], method: evil[8] } }] });
  await page.goto(`${at.server.origin}/templates`);
  await page.waitForSelector('#problems .finding');
  await page.click('#mode [data-value="custom"]');
  await page.waitForSelector('[data-argument]');
  await page.click('#problems .more button');
  await bottom(page);
  await page.waitForSelector('#deliveries li details');
  await page.locator('#view details').evaluateAll((some) => some.forEach((one) => { one.open = true; }));
  assert.deepEqual(await page.evaluate(harm), []);
  const found = await page.evaluate(() => {
    const wrong = [];
    const main = document.querySelector('#main');
    for (const one of main.querySelectorAll('script, style, embed, object, base, math, link, iframe, img, image, use, meta, form form, [srcdoc], [style*="url"]')) wrong.push(one.outerHTML);
    for (const one of main.querySelectorAll('*')) for (const { name } of one.attributes) if (/^on/.test(name)) wrong.push(name);
    for (const one of main.querySelectorAll('a')) if (!/^[#/]/.test(one.getAttribute('href'))) wrong.push(one.outerHTML);
    return wrong;
  });
  assert.deepEqual(found, []);
  const wide = await page.evaluate(() => [...document.querySelectorAll('main *')].filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !one.closest('pre, .scroll, .targets')).map((one) => one.outerHTML.slice(0, 150)).slice(0, 5));
  assert.deepEqual(wide, []);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
}));

test('the whole way works with the keyboard alone, and shows where it is', () => visit(async (page) => {
  await answerAll(page);
  await arrive(page, at.server);
  await below(page);
  const walk = async (selector, most = 60) => {
    for (let step = 0; step < most; step += 1) {
      if (await page.evaluate(() => document.activeElement.id === 'text')) await page.keyboard.press('Escape');
      await page.keyboard.press('Tab');
      const { what, visible } = await page.evaluate(() => {
        const active = document.activeElement;
        const shows = (element) => { const { outlineStyle, outlineWidth } = getComputedStyle(element); return outlineStyle !== 'none' && outlineWidth !== '0px'; };
        return { what: active.outerHTML.slice(0, 80), visible: shows(active) || shows(active.closest('.scroll') ?? active) || Boolean(active.shadowRoot) };
      });
      assert.ok(visible, `no focus ring on ${what}`);
      if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    }
    assert.fail(`${selector} was not reached`);
  };
  await walk('[data-sample="text"]');
  await page.keyboard.press('Enter');
  await drawn(page, /7시에/);
  await walk('#text');
  await page.keyboard.press(`${modifier}+End`);
  await page.keyboard.type(' ');
  await told(page, 'text-whole');
  await walk('#problems .there');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'text');
  await walk('.pair input');
  await page.keyboard.type('order');
  await walk('#share .go');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#deliveries details[open]');
  await walk('#deliveries .replay');
}));

test('no text is left untranslated', () => visit(async (page) => {
  await answerAll(page, { samples: [{ name: 'text', object_type: 'text', title: { ko: '텍스트', en: 'Text' }, text: PLAIN.replace(/[가-힣]+/g, 'word') }] });
  await arrive(page, at.server, 'en');
  const words = async (where) => {
    await page.locator('#language [data-lang="ko"], noscript').evaluateAll((all) => all.forEach((one) => one.remove()));
    const text = await page.evaluate(() => document.body.innerText);
    assert.doesNotMatch(text, HANGUL, where);
    assert.equal(text.match(/(^|[^\w/.-])(templates|mode|samples|page|editor|size|arguments|bubble|problems|envelope|inferred|code|share|chat|outcome|deliveries|quota|handler|type|purpose)\.[a-z]+[a-z-]*\b(?!\.)/)?.[0], undefined, where);
    assert.doesNotMatch(text, /(?<!\$)\{\w+\}|undefined|\bnull\b|NaN/, where);
  };
  await bottom(page);
  await page.waitForSelector('#code pre');
  await words('default');
  await page.click('#share .go');
  await page.waitForSelector('#deliveries details[open]');
  await page.click('#handler header button');
  await page.waitForSelector('#handler .trials');
  await words('shared');
  await page.click('#mode [data-value="custom"]');
  await page.waitForSelector('[data-argument="name"]');
  await words('custom');
  await page.click('#mode [data-value="scrape"]');
  await words('scrape');
}));

test('the language can be changed in the middle: text, arguments and bubble stay', () => visit(async (page) => {
  const { checks } = await answerAll(page);
  await arrive(page, at.server);
  await page.click('#mode [data-value="custom"]');
  await page.waitForSelector('[data-argument="name"]');
  await page.fill('[data-argument="name"]', 'Ryan');
  await page.click('#language [data-lang="en"]');
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  await drawn(page, /Ryan/);
  assert.equal(await page.inputValue('[data-argument="name"]'), 'Ryan');
  assert.doesNotMatch(await page.locator('main').innerText(), HANGUL);
  assert.equal(checks.at(-1).lang, 'en');
}));

for (const theme of ['light', 'dark']) {
  test(`text keeps a contrast of 4.5:1 in the ${theme} theme`, () => visit(async (page) => {
    await answerAll(page);
    await arrive(page, at.server);
    await page.click(`#theme [data-theme="${theme}"]`);
    await write(page, JSON.stringify({ ...JSON.parse(FEED), text: 'x', content: { title: 'no link' }, buttons: [{ title: 'longer than eight' }] }, null, 2));
    await told(page, 'field-required');
    await page.click('#share .go');
    await page.waitForSelector('#deliveries details[open]');
    await bottom(page);
    await page.waitForSelector('#code pre');
    const { measured, faint } = await page.evaluate(faintTexts, 4.5);
    assert.ok(measured > 100);
    assert.deepEqual(faint.filter((one) => !one.includes('rgba(0, 0, 0, 0)')), []);
  }, { colorScheme: theme === 'light' ? 'dark' : 'light' }));
}

for (const width of [360, 390, 1280]) {
  test(`at ${width} px every control is at least 40 px high and wide, and nothing scrolls sideways`, () => visit(async (page) => {
    await answerAll(page);
    await arrive(page, at.server);
    const look = async (where) => {
      const small = await page.evaluate(() => [...document.querySelectorAll('button, input, select, textarea, summary, .quiet, .logo, .pages a, .scraped a')]
        .filter((one) => one.checkVisibility() && !one.matches('.unseen, .there'))
        .map((one) => ({ what: one.outerHTML.slice(0, 80), width: one.offsetWidth, height: one.offsetHeight })).filter((one) => one.width < 40 || one.height < 40));
      assert.deepEqual(small, [], where);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, where);
    };
    await write(page, FEED.replace('웹으로 보기', '웹으로 자세히 보기 바로'));
    await told(page, 'text-too-long');
    await page.click('#share .go');
    await page.waitForSelector('#deliveries details[open]');
    await look('default');
    await page.click('#mode [data-value="custom"]');
    await page.waitForSelector('[data-argument="name"]');
    await page.fill('#page-url', 'https://example.com/');
    await page.click('#page-form button');
    await page.waitForSelector('.scraped');
    await look('custom');
  }, { viewport: { width, height: 800 } }));
}

test('a first visit loads less than 100 KB, and all of the page less than 140 KB, and nothing from elsewhere', () => visit(async (page) => {
  const sizes = new Map();
  page.on('response', async (response) => {
    const type = response.headers()['content-type'] ?? '';
    if (/^(text\/html|text\/css|text\/javascript)/.test(type) && !response.url().includes('/api/')) sizes.set(new URL(response.url()).pathname, (await response.body()).length);
  });
  const total = () => [...sizes.values()].reduce((sum, size) => sum + size, 0);
  await answerAll(page);
  await arrive(page, at.server);
  await page.waitForTimeout(200);
  assert.ok(sizes.size > 20 && total() < 100_000, `first visit: ${total()} bytes in ${sizes.size} files`);
  await below(page);
  await page.waitForTimeout(200);
  assert.ok(total() < 140_000, `with all of it: ${total()} bytes in ${sizes.size} files`);
}));

test('a template of ten kilobytes is quick to write in', () => visit(async (page) => {
  await answerAll(page);
  await arrive(page, at.server);
  const large = JSON.stringify({ object_type: 'feed', content: { title: 'x', link: {} }, more: Array.from({ length: 150 }, (_, index) => ({ key: index, value: '가나다라마바사'.repeat(3) })) }, null, 2);
  assert.ok(large.length > 10_000);
  await write(page, large);
  // Each key paints one line anew and leaves the others alone.
  const touched = await page.evaluate(() => new Promise((resolve) => {
    const area = document.querySelector('#text');
    let count = 0;
    const watcher = new MutationObserver((records) => { count += records.reduce((sum, { addedNodes, removedNodes }) => sum + addedNodes.length + removedNodes.length, 0); });
    watcher.observe(document.querySelector('.paint'), { childList: true });
    area.setSelectionRange(20, 20);
    area.focus();
    document.execCommand('insertText', false, 'y');
    setTimeout(() => resolve(count), 0);
  }));
  assert.equal(touched, 2);
}));

test('the page is served under a policy that allows nothing foreign and nothing inline', async () => {
  const response = await fetch(`${at.server.origin}/templates`);
  const policy = response.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/);
  assert.doesNotMatch(await response.text(), /\sstyle=|<style|\son\w+=|<script>/);
});
