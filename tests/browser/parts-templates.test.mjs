// The parts of the templates page that need no browser: colours, places, the format button, the question, the size.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const script = (name) => import(new URL(`../../static/js/templates/${name}`, import.meta.url));
const [{ endOfWord, pieces, words }, { common, inLine, lineOf, offsetOf }, { tidy }, { callbackArgs, fullness, question }] = await Promise.all(['colours.js', 'places.js', 'tidy.js', 'question.js'].map(script));

const coloured = (line, syntax) => words(line, syntax).map(({ from, to, kind }) => `${kind} ${line.slice(from, to)}`);

for (const [what, syntax, line, expected] of [
  ['a key is told from a text', 'json', '  "title": "딸기",', ['key "title"', 'text "딸기"']],
  ['a quote in a text does not end it', 'json', '"a \\" b", 1', ['text "a \\" b"', 'number 1']],
  ['a text that is not ended goes to the end of its line', 'json', '"title": "abc', ['key "title"', 'text "abc']],
  ['numbers and words have their colours', 'json', '[-1.5e3, true, null]', ['number -1.5e3', 'word true', 'word null']],
  ['an argument stands out in its text', 'json', '"a ${NAME} b"', ['text "a ', 'argument ${NAME}', 'text  b"']],
  ['TOML has keys and tables', 'toml', 'title = "a" # why', ['key title', 'text "a"', 'remark # why']],
  ['a table of TOML is a key', 'toml', '[[content.images]]', ['key [[content.images]]']],
  ['what is no template has no colours', 'json', 'hello <b>', []],
  ['a line of a novel stays grey', 'json', `"${'x'.repeat(5_000)}"`, []],
]) {
  test(`in the editor, ${what}`, () => assert.deepEqual(coloured(line, syntax), expected));
}

test('pieces of a line, put together, are the line, whatever its words and marks', () => {
  const lines = ['', ' ', '"a": 1', '"${A}${B}": "x"', '{"가": "🍓"}', 'abc"', '"\\'];
  for (const line of lines) {
    for (const marks of [[], [{ from: 0, to: 3, kind: 'error' }], [{ from: 2, to: 99, kind: 'info' }, { from: 1, to: 4, kind: 'error' }]]) {
      assert.equal(pieces(line, words(line, 'json'), marks).map(({ text }) => text).join(''), line);
    }
  }
  assert.deepEqual(pieces('"a": 1', words('"a": 1', 'json'), [{ from: 5, to: 6, kind: 'error' }]).at(-1), { text: '1', kind: 'number', mark: 'error' });
});

for (const [what, line, offset, expected] of [
  ['a text', '  "title": "a, b",', 11, '"a, b"'],
  ['a key', '  "title": 1', 2, '"title"'],
  ['a number', '"a": 120,', 5, '120'],
  ['a brace, with what follows it', '"link": {', 8, '{'],
  ['nothing', 'abc', 3, ''],
]) {
  test(`a mark on ${what} ends where it ends`, () => assert.equal(line.slice(offset, endOfWord(line, offset, 'json')), expected));
}

test('places count characters as the server does, not code units', () => {
  const text = '가🍓나\n\n끝';
  assert.equal(inLine('가🍓나', 3), 3);
  assert.equal(offsetOf(text, { line: 1, column: 3 }), 3);
  assert.equal(offsetOf(text, { line: 3, column: 1 }), 6);
  assert.equal(offsetOf(text, { line: 3, column: 99 }), text.length);
  assert.equal(offsetOf(text, { line: 99 }), 6);
  assert.equal(offsetOf('', { line: 1, column: 1 }), 0);
  assert.deepEqual([0, 4, 5, 6, 7].map((offset) => lineOf(text, offset)), [1, 1, 2, 3, 3]);
});

test('what two texts have in common is found from both ends', () => {
  assert.deepEqual(common(['a', 'b', 'c'], ['a', 'x', 'c']), { head: 1, tail: 1 });
  assert.deepEqual(common(['a', 'a'], ['a', 'a', 'a']), { head: 2, tail: 0 });
  assert.deepEqual(common([], ['a']), { head: 0, tail: 0 });
});

for (const [what, text, expected] of [
  ['members stand one a line', '{"a":1,"b":[true,null]}', '{\n  "a": 1,\n  "b": [\n    true,\n    null\n  ]\n}'],
  ['what is empty stays on its line', '{ "a" : { } , "b" : [ ] }', '{\n  "a": {},\n  "b": []\n}'],
  ['long numbers and escapes keep every letter', '{"id":12345678901234567890.10,"t":"\\u00e9 {,} \\"x\\""}', '{\n  "id": 12345678901234567890.10,\n  "t": "\\u00e9 {,} \\"x\\""\n}'],
  ['a key that stands twice stays', '{"a":1,"a":2}', '{\n  "a": 1,\n  "a": 2\n}'],
  ['a single value is a template too', ' "x" ', '"x"'],
  ['broken JSON is left alone', '{"a":1,}', null],
]) {
  test(`laid out anew, ${what}`, () => {
    assert.equal(tidy(text), expected);
    if (expected !== null) assert.equal(tidy(expected), expected);
  });
}

const base = { mode: 'default', text: '{}', syntax: 'toml', template: null, args: {}, url: '', app: null, theme: 'light', width: 'pc' };
const template = { id: 7, text: 'id = 7', syntax: 'toml' };
const look = { theme: 'light', width: 'pc', lang: 'en' };

for (const [what, state, byId, expected] of [
  ['a default template is JSON', {}, false, { text: '{}', syntax: 'json', kind: 'default', ...look }],
  ['an address is not for default templates', { url: 'https://a.example/' }, false, { text: '{}', syntax: 'json', kind: 'default', ...look }],
  ['a custom template is its text, so that problems have lines', { mode: 'custom', text: 'id = 7', template }, false, { text: 'id = 7', syntax: 'toml', kind: 'custom', args: {}, ...look }],
  ['a custom template that was not changed is shared by its id', { mode: 'custom', text: 'id = 7', template }, true, { template_id: 7, args: {}, ...look }],
  ['a custom template that was changed is shared as it is', { mode: 'custom', text: 'id = 8', template }, true, { text: 'id = 8', syntax: 'toml', kind: 'custom', args: {}, ...look }],
  ['a custom template without its text is known by its id', { mode: 'custom', template: { id: 9 } }, false, { template_id: 9, args: {}, ...look }],
  ['arguments that are empty are missing', { mode: 'custom', text: 'x', template, args: { a: '', b: '1' }, url: 'https://a.example/', app: 2 }, false, { text: 'x', syntax: 'toml', kind: 'custom', args: { b: '1' }, url: 'https://a.example/', app: 2, ...look }],
  ['without any template there is no question', { mode: 'custom', text: '' }, false, null],
  ['a page is asked for alone', { mode: 'scrape', url: 'https://a.example/' }, false, { url: 'https://a.example/', ...look }],
  ['without an address there is no question', { mode: 'scrape' }, false, null],
]) {
  test(`what is asked: ${what}`, () => assert.deepEqual(question({ ...base, ...state }, 'en', byId), expected));
}

test('callback arguments are rows with names, or JSON as it was written', () => {
  assert.deepEqual(callbackArgs({ as: 'rows', rows: [['a', '1'], ['', '2'], ['b', '']] }), { a: '1', b: '' });
  assert.equal(callbackArgs({ as: 'json', json: '{"a": 1.0}' }), '{"a": 1.0}');
  assert.deepEqual(callbackArgs({ as: 'json', json: ' ' }), {});
  assert.throws(() => callbackArgs({ as: 'json', json: '{a}' }), SyntaxError);
});

test('a size is over at its limit, for Kakao takes less than that', () => {
  assert.deepEqual([100, 8_704, 10_239, 10_240].map((bytes) => fullness(bytes, 10_240)), ['ok', 'near', 'near', 'over']);
});
