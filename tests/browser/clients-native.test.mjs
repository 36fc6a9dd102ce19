// @react-native-kakao/share drives the sandbox: every function that it exports, on both platforms. What it hands to the native SDKs
// goes on the wire as these write it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { record } from './clients/record.mjs';
import { nativeShare, webShare } from './clients/react-native.mjs';
import { TEMPLATES, capital } from './clients/templates.mjs';
import { FRIEND, TOKEN, call, template } from './clients/wire.mjs';
import { startServer } from './server.mjs';

let server;
// Every message goes from one user to one friend, of which Kakao allows 20 a day.
process.env.SCRAPLENS__SANDBOX__QUOTA__MESSAGE_PAIR_DAILY ??= '1000';
before(async () => { server = await startServer(); });
after(async () => { await server?.stop(); });

/** The request that a native SDK makes of what it is handed. */
function request({ sendType, templateType, templateId, template: object, receiverUuids, templateArgs }) {
  const custom = templateType === 'custom';
  const form = custom ? { template_id: templateId, template_args: templateArgs } : { template_object: { object_type: templateType, ...template(object) } };
  if (sendType === 'share') return { path: `/v2/api/kakaolink/talk/template/${custom ? 'validate' : 'default'}`, form: { link_ver: '4.0', ...form }, key: 'native' };
  const last = custom ? 'send' : 'default/send';
  if (sendType === 'send-me') return { path: `/v2/api/talk/memo/${last}`, form, token: TOKEN };
  return { path: `/v1/api/talk/friends/message/${last}`, form: { ...form, receiver_uuids: receiverUuids }, token: TOKEN };
}

const ENVELOPE = ['template_id', 'template_args', 'template_msg', 'warning_msg', 'argument_msg'];

function judge(sendType, answer) {
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  if (sendType === 'send-me') return assert.deepEqual(answer.body, { result_code: 0 });
  if (sendType === 'send-friend') return assert.deepEqual(answer.body.successful_receiver_uuids, [FRIEND]);
  for (const key of ENVELOPE) assert.ok(key in answer.body, `${key} of ${JSON.stringify(answer.body)}`);
  assert.ok(answer.body.template_msg.P.TP && answer.body.template_msg.C, JSON.stringify(answer.body));
}

for (const platform of ['android', 'ios']) {
  for (const [type, object] of Object.entries(TEMPLATES)) {
    test(`${platform}: a ${type} template is shared, sent to oneself and to a friend`, async () => {
      const { api, handed } = nativeShare(platform);
      const name = capital(type);
      await api[`share${name}Template`]({ template: object, serverCallbackArgs: { order: '42' } });
      await api[`send${name}TemplateToMe`]({ template: object });
      await api[`send${name}TemplateToFriends`]({ template: object, receiverUuids: [FRIEND] });
      assert.deepEqual(handed.map(({ sendType }) => sendType), ['share', 'send-me', 'send-friend']);
      for (const one of handed) {
        const answer = await call(server.origin, request(one));
        judge(one.sendType, answer);
        await record(`react-native-kakao-${platform}`, `${type}-${one.sendType}`, answer.sent, { status: answer.status, keys: Object.keys(answer.body) });
      }
    });
  }

  test(`${platform}: a custom template is shared with its arguments`, async () => {
    const { api, handed } = nativeShare(platform);
    await api.shareCustomTemplate({ templateId: 1003, templateArgs: { SHOP: '가게', PRODUCT: '붕어빵', PRICE: '1000' } });
    const answer = await call(server.origin, request(handed[0]));
    judge('share', answer);
    assert.equal(answer.body.template_args['${PRODUCT}'], '붕어빵');
    assert.ok('${SALE_PRICE}' in answer.body.argument_msg, JSON.stringify(answer.body.argument_msg));
    await record(`react-native-kakao-${platform}`, 'custom-share', answer.sent, { status: 200, keys: ENVELOPE });
  });

  test(`${platform}: a custom template is sent to oneself and to a friend`, async () => {
    const { api, handed } = nativeShare(platform);
    await api.sendCustomTemplateToMe({ templateId: 1005, templateArgs: { NAME: '라이언' } });
    await api.sendCustomTemplateToFriends({ templateId: 1005, templateArgs: { NAME: '라이언' }, receiverUuids: [FRIEND] });
    for (const one of handed) judge(one.sendType, await call(server.origin, request(one)));
  });
}

test('execution params of both platforms reach the message as one text', async () => {
  for (const platform of ['android', 'ios']) {
    const { api, handed } = nativeShare(platform);
    await api.shareFeedTemplate({ template: TEMPLATES.feed });
    const answer = await call(server.origin, request(handed[0]));
    const { BU, L } = answer.body.template_msg.C.BUL[1];
    assert.equal(BU.T, '앱으로');
    for (const key of ['LCA', 'LCI']) assert.match(L[key], /^kakao1{32}:\/\/kakaolink\?key1=v(\+|%20)1$/, platform);
  }
});

// On the web the package calls the JavaScript SDK; what that makes of it is the wire's business.
for (const [type, object] of Object.entries(TEMPLATES)) {
  test(`web: a ${type} template is shared, sent to oneself and to a friend`, async () => {
    const answers = [];
    const asked = async (sendType, asking) => { const answer = await call(server.origin, asking); answers.push([sendType, answer]); return answer.body; };
    const share = webShare({
      Share: { sendDefault: ({ serverCallbackArgs: _lcba, ...settings }) => asked('share', { method: 'GET', path: '/v2/api/kakaolink/talk/template/default', form: { link_ver: '4.0', template_object: template(settings) }, key: 'javascript' }) },
      API: { request: ({ url, data }) => asked(url.includes('friends') ? 'send-friend' : 'send-me', { path: url, form: data, token: TOKEN }) },
    });
    const name = capital(type);
    // The web build hands execution params on as objects to the Message API, which takes texts.
    const texts = JSON.parse(JSON.stringify(object), (member, value) => (/xecutionParams$/.test(member) ? 'key1=v' : value));
    await share[`share${name}Template`]({ template: texts, serverCallbackArgs: { order: '42' } });
    await share[`send${name}TemplateToMe`]({ template: texts });
    await share[`send${name}TemplateToFriends`]({ template: texts, receiverUuids: [FRIEND] });
    assert.deepEqual(answers.map(([sendType]) => sendType), ['share', 'send-me', 'send-friend']);
    for (const [sendType, answer] of answers) {
      judge(sendType, answer);
      await record('react-native-kakao-web', `${type}-${sendType}`, answer.sent, { status: answer.status, keys: Object.keys(answer.body) });
    }
  });
}
