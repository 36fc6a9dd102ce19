// Every option that the published type definitions of the JavaScript SDK give to a share: accepted by the sandbox, or named here with
// the reason why no request carries it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { DEFINITIONS, settingsOf } from './clients/options.mjs';
import { call, template } from './clients/wire.mjs';
import { startServer } from './server.mjs';

/** Options that the SDK keeps to itself. */
const NOT_SENT = {
  installTalk: 'the SDK opens the store where KakaoTalk is not installed',
  callback: 'the SDK calls it when the popup says that the message was sent',
  container: 'the SDK binds the button',
};
/** Options that go to the picker or the app, not to the template API. */
const BESIDE = { serverCallbackArgs: 'lcba of the picker, extras of the app link' };
/** Options that arrive, but of which Kakao's answer says nothing: the message that is drawn has them. */
const ONLY_DRAWN = {
  'contents.imageWidth': 'a list\'s answer names pictures without their size (kakao-share-api 1.2)',
  'contents.imageHeight': 'the same',
  itemContent: 'its keys in template_msg are not public',
};

let server;
before(async () => { server = await startServer(); });
after(async () => { await server?.stop(); });

const PATHS = { sendDefault: 'default', sendCustom: 'validate', sendScrap: 'scrap' };

/** The request that the SDK makes of settings. `androidExecParams` is its older name of `androidExecutionParams`. */
function request(name, settings) {
  const { serverCallbackArgs, installTalk, callback, container, templateId, templateArgs, requestUrl, ...rest } = settings;
  const object = JSON.parse(JSON.stringify(rest).replaceAll('ExecParams"', 'ExecutionParams"'));
  const form = name === 'sendDefault' ? { template_object: template(object) } : { template_id: templateId, template_args: templateArgs, request_url: requestUrl };
  return { method: 'GET', path: `/v2/api/kakaolink/talk/template/${PATHS[name]}`, form: { link_ver: '4.0', ...form }, key: 'javascript' };
}

for (const [name, definition] of Object.entries(DEFINITIONS)) {
  const settings = settingsOf(definition);

  test(`${name}: the definitions have the settings of all shares`, () => {
    assert.deepEqual(settings.sendDefault.map(({ name: type }) => type).sort(), ['commerce', 'feed', 'list', 'location', 'text']);
    for (const [sent, least] of [['sendDefault', 100], ['sendCustom', 4], ['sendScrap', 5]]) {
      const found = settings[sent].flatMap(({ options }) => options).length;
      assert.ok(found >= least, `${sent}: ${found}`);
    }
  });

  for (const [sent, variants] of Object.entries(settings)) {
    for (const variant of variants) {
      test(`${name}: every option of ${sent} (${variant.name}) is accepted`, async () => {
        for (const option of [null, ...variant.options]) {
          const own = option && Object.keys(NOT_SENT).find((known) => option.split('.')[0] === known);
          const made = variant.settings(option);
          if (own) { assert.ok(own in made, option); continue; }
          // A discount needs a price, and only one kind of discount may be given (Kakao's reference).
          if (/discountRate|fixedDiscountPrice/.test(option ?? '')) made.commerce.discountPrice = 9000;
          const answer = await call(server.origin, request(sent, made));
          assert.equal(answer.status, 200, `${option}: ${JSON.stringify(answer.body)}`);
          assert.deepEqual(answer.body.warning_msg, {}, option);
          if (!option || option.split('.')[0] in BESIDE || sent !== 'sendDefault') continue;
          const drawn = option in ONLY_DRAWN || option.split('.')[0] in ONLY_DRAWN;
          const shown = drawn ? await message(made) : answer.body;
          assert.ok(carries(shown, option), `${option} does not show in ${JSON.stringify(shown)}`);
        }
      });
    }
  }
}

/** The message that arrives, as our own API tells it. */
async function message(made) {
  const { form } = request('sendDefault', made);
  const response = await fetch(`${server.origin}/api/v1/template/check`, { method: 'POST', body: JSON.stringify({ template: form.template_object }) });
  return (await response.json()).message;
}

/** Whether a value of the option is found again in the answer; numbers stand there as texts, too. */
function carries(body, option) {
  const last = option.split('.').at(-1);
  return JSON.stringify(body).includes(VALUES[last] ?? (/Count$/.test(last) ? '1' : /ImageUrl$/.test(last) ? 'a.png' : '글'));
}

/** What stands in an answer for an option; others are texts of one letter. */
const VALUES = {
  objectType: '"P"', webUrl: 'https://example.com/a', mobileWebUrl: 'https://example.com/a', androidExecParams: 'kakaolink?a=b', iosExecParams: 'kakaolink?a=b', imageUrl: 'https://example.com/a.png',
  imageWidth: '800', imageHeight: '400', regularPrice: '10000', discountPrice: '9000', discountRate: '10', fixedDiscountPrice: '1000', currencyUnitPosition: '1',
  item: '항목', itemOp: '1,000원', sum: '합계', sumOp: '1,000원', profileText: '프로필',
};
