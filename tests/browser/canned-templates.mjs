// The template and the share API answered by hand, in their shapes: for states that a server reaches only with much preparation, and
// for hostile text. What it judges are three rules, enough to have something wrong at a line.

const text = (ko, en = ko) => ({ ko, en });

export const FEED = JSON.stringify({
  object_type: 'feed',
  content: { title: '딸기 치즈 케익', description: '#케익 #딸기 #삼평동', image_url: 'https://example.com/cake.png', image_width: 640, image_height: 640, link: { web_url: 'https://example.com', mobile_web_url: 'https://example.com' } },
  social: { like_count: 286, comment_count: 45 },
  buttons: [{ title: '웹으로 보기', link: { web_url: 'https://example.com' } }],
}, null, 2);
export const PLAIN = JSON.stringify({ object_type: 'text', text: '오늘 저녁 7시에 만나요.', link: { web_url: 'https://example.com' }, button_title: '자세히' }, null, 2);
export const CUSTOM = '# An order\nid = 1001\nname = "order"\npurpose = "share"\nobject_type = "feed"\n\n[content]\ntitle = "${SCRAP_TITLE}"\ndescription = "${name}: ${count}"\nimage_url = "${SCRAP_IMAGE}"\n';

export const SAMPLES = [['feed', '피드', 'Feed', FEED], ['text', '텍스트', 'Text', PLAIN]].map(([name, ko, en, written]) => ({ name, object_type: name, title: text(ko, en), text: written }));
export const TEMPLATES = [
  { id: 1001, name: 'Order', purpose: 'share', object_type: 'feed', arguments: ['name', 'count'], scrap_arguments: ['SCRAP_TITLE', 'SCRAP_IMAGE'], file: 'order.toml', text: CUSTOM, syntax: 'toml' },
  { id: 1002, name: 'Closed', purpose: 'message', object_type: 'list', arguments: ['place'], scrap_arguments: [], file: 'closed.json' },
];
export const APPS = [{ id: 1, name: 'Sandbox', native_key: '1', javascript_key: '2', rest_key: '3', web_domains: ['https://example.com'], webhook: { url: 'http://127.0.0.1:3000/hook', method: 'POST' } }];
const QUOTA = { app: 1, day: '2026-11-23', month: '2026-11', resets_at: '2026-11-23T15:00:00Z', items: [{ name: 'share-daily', used: 2, limit: 30_000, left: 29_998 }, { name: 'message-daily', used: 0, limit: 30_000, left: 30_000 }, { name: 'monthly', used: 2, limit: 3_000_000, left: 2_999_998 }] };

export const problem = (more) => ({
  code: 'text-too-long', path: 'buttons[0].title', severity: 'warning', message: text('버튼 제목이 8자를 넘습니다.', 'The button’s title has more than 8 characters.'), advice: text('8자 이내로 줄이세요.', 'Shorten it to 8 characters.'),
  confidence: 'documented', source: 'message-template/default', ...more,
});

/** The answer of `template/check` to `question`. */
export function checked(question) {
  const given = question.text ?? '';
  const lines = given.split('\n');
  const where = (pattern) => { const at = lines.findIndex((line) => pattern.test(line)); return at < 0 ? {} : { line: at + 1, column: lines[at].search(/: /) + 3 }; };
  const answer = {
    check: { ok: true, object_type: 'feed', problems: [], size: { bytes: Buffer.byteLength(given), characters: given.length }, arguments: [], scrap_arguments: [] },
    envelope: null, message: null, inferred: [], report: null, bubble: null,
  };
  let value = { content: { title: question.url ? 'A scraped title' : 'A custom message', description: question.args?.name ?? '' } };
  if (question.kind === 'default') {
    try {
      value = JSON.parse(given);
    } catch {
      answer.check.ok = false;
      answer.check.problems = [problem({ code: 'json-broken', severity: 'error', path: '', message: text('JSON을 읽을 수 없습니다.', 'This is no JSON.'), advice: text('쉼표를 확인하세요.', 'Look at the commas.'), line: lines.length, column: 1 })];
      return answer;
    }
    if (value.content && !value.content.link) answer.check.problems.push(problem({ code: 'field-required', severity: 'error', path: 'content.link', message: text('link가 없습니다.', 'There is no link.'), advice: text('link를 넣으세요.', 'Add a link.'), ...where(/"content"/) }));
    if (value.buttons?.[0]?.title?.length > 8) answer.check.problems.push(problem({ measured: value.buttons[0].title.length, limit: 8, ...where(/"title": ".{9,}"/) }));
    if (value.text) answer.check.problems.push(problem({ code: 'text-whole', severity: 'info', path: 'text', confidence: 'default', message: text('200자까지 보입니다.', 'Up to 200 characters show.'), ...where(/"text":/) }));
  } else if (!question.text && !question.template_id) {
    answer.inferred = [{ code: 'scrape-envelope', message: text('실제 응답은 공개되어 있지 않습니다.', 'No real answer is public.') }];
  } else {
    const names = [...new Set([...(question.text ?? '${place}').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name))];
    answer.check.arguments = names.filter((name) => !name.startsWith('SCRAP_'));
    answer.check.scrap_arguments = names.filter((name) => name.startsWith('SCRAP_'));
  }
  answer.check.ok = !answer.check.problems.some(({ severity }) => severity === 'error');
  const title = value.content?.title ?? value.text ?? '';
  answer.message = { title };
  answer.bubble = { html: drawn([title, value.content?.description ?? ''], question), missing: [], pictures: [{ url: 'https://example.com/cake.png', outcome: 'ok' }] };
  answer.envelope = {
    template_id: question.template_id ?? 17_888, template_args: { '${TITLE}': title, ...(question.url ? { '${SCRAP_TITLE}': 'A scraped title' } : {}) }, template_msg: { P: { TP: 'Feed' }, C: { TI: { TD: { T: title } } } },
    warning_msg: {}, argument_msg: Object.fromEntries(answer.check.arguments.filter((name) => !question.args?.[name]).map((name) => [`\${${name}}`, 'there\'s no given value.'])),
  };
  if (question.url) answer.report = { requested_url: question.url, card: { title: 'A scraped title', host: 'example.com' }, findings: [{ code: 'image-small', severity: 'warning', message: text('이미지가 작습니다.', 'The image is small.') }] };
  return answer;
}

const escaped = (some) => String(some).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A message as the server draws it. */
export function drawn(lines, { theme = 'light', width = 'phone' } = {}) {
  return `<article class="bubble scrape ${theme} ${width}">${lines.map((line, index) => `<p class="${index ? 'description' : 'title'}"><span class="line" dir="ltr">${escaped(line)}</span></p>`).join('\n')}</article>`;
}

export function delivery(more = {}) {
  return {
    id: 'd1', app: 1, at: '2026-11-23T05:00:00Z', method: 'POST', url: 'http://127.0.0.1:3000/hook',
    request: { headers: { authorization: 'KakaoAK 4444…', 'x-kakao-resource-id': 'Rvy1c2dkzBAZ5hGD3rqYbxvr', 'user-agent': 'KakaoOpenAPI/1.0' }, body: { CHAT_TYPE: 'DirectChat', HASH_CHAT_ID: 'abc', order: '1024' } },
    outcome: 'delivered', status: 200, answer: { headers: { 'content-type': 'text/plain' }, body: 'ok', truncated: false }, milliseconds: 12.3,
    conclusion: text('카카오는 전달된 것으로 봅니다.', 'Kakao counts it as delivered.'), advice: text('', ''), replay_of: null, ...more,
  };
}

/** Answers the whole of it on `page`. `more` = { check, apps, samples, templates, send } replace parts. Returns what was asked: `{ checks, log }`. */
export async function answerAll(page, more = {}) {
  const asked = { checks: [], sends: [], log: more.log ?? [] };
  const answer = (path, made) => page.route(`**/api/v1/${path}`, async (route) => {
    const body = route.request().postDataJSON();
    return route.fulfill({ json: await made(body ?? {}, route.request()) });
  });
  await answer('template/check', (question) => { asked.checks.push(question); return (more.check ?? checked)(question); });
  await answer('template/code', ({ target }) => ({ target, language: target, code: `// ${target}\nKakao.Share.sendDefault({});\n`, notes: [text('먼저 Kakao.init을 호출하세요.', 'Call Kakao.init first.')] }));
  await answer('template/samples', () => more.samples ?? SAMPLES);
  await answer('templates', () => more.templates ?? TEMPLATES);
  await answer('share/apps', () => more.apps ?? APPS);
  await answer('share/quota*', () => QUOTA);
  await answer('share/deliveries*', () => asked.log);
  await answer('share/deliveries/*/replay', (_, request) => {
    const made = delivery({ id: `d${asked.log.length + 1}`, replay_of: request.url().split('/').at(-2) });
    asked.log.unshift(made);
    return made;
  });
  await answer('share/send', (question) => {
    asked.sends.push(question);
    if (more.send) return more.send(question);
    const made = delivery({ id: `d${asked.log.length + 1}` });
    asked.log.unshift(made);
    return { answer: checked(question), delivery: made, error: null };
  });
  await answer('share/handler-check', () => ({ survives: false, trials: [['chat-memo', '나와의 채팅', 'A memo chat', 'passed'], ['emoji', '이모지 값', 'An emoji value', 'failed']].map(([code, ko, en, outcome]) => ({ code, what: text(ko, en), outcome, conclusion: text('결론입니다.', 'A conclusion.'), delivery: null })) }));
  return asked;
}
