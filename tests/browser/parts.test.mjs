// The parts of the page that need no browser: its two languages, and the marks in the source.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const script = (name) => import(new URL(`../../static/js/${name}`, import.meta.url));
const { marks } = await script('listing.js');

const sorted = (object, but) => Object.keys(object).filter((key) => !but.test(key)).sort();
const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

for (const set of ['', 'scrape.', 'choices.', 'listing.', 'firewall.', 'ranges.', 'dumps.', 'settings.', 'change.', 'logs.', 'logs-settings.', 'traffic.', 'reach.', 'reach-settings.', 'verdict.', 'problems.', 'compare.', 'addresses.', 'templates.', 'share.']) {
  const [{ default: ko }, { default: en }] = await Promise.all([script(`words/${set}ko.js`), script(`words/${set}en.js`)]);

  test(`both languages say the same things in the words of ${set || 'every page'}`, () => {
    // English has words for one; the server's own English stands where Korean needs a sentence.
    assert.deepEqual(sorted(en, /\.one$/), sorted(ko, /^problem\./));
    for (const key of Object.keys(en)) assert.deepEqual(holes(en[key]), holes(ko[key] ?? en[key]), key);
    for (const key of Object.keys(en).filter((name) => name.endsWith('.one'))) assert.ok(key.slice(0, -4) in en, key);
  });

  test(`no English sentence of ${set || 'every page'} has Korean letters in it`, () => {
    for (const [key, text] of Object.entries(en)) assert.doesNotMatch(text, /[가-힣]/, key);
  });
}

/** The marked texts of `lines`, for tags that begin at `places`. */
function marked(lines, ...places) {
  const found = marks(lines, places.map(([line, column]) => ({ line, column, kind: 'used' })));
  return lines.map((line) => (found.get(line) ?? []).map(({ from, to }) => [...line.text].slice(from, to).join('')));
}

const line = (number, text, more = {}) => ({ number, column: 1, text, cut: false, ...more });

for (const [what, lines, places, expected] of [
  ['a tag ends at its bracket', [line(3, '  <meta a="1"><b>')], [[3, 3]], [['<meta a="1">']]],
  ['a bracket in quotes does not end a tag', [line(1, '<meta content="a > b">c')], [[1, 1]], [['<meta content="a > b">']]],
  ['an apostrophe outside a value opens nothing', [line(1, "<p it's><b>")], [[1, 1]], [["<p it's>"]]],
  ['single quotes hold a value too', [line(1, "<meta content= 'x>\"y'>z")], [[1, 1]], [["<meta content= 'x>\"y'>"]]],
  ['a tag goes on over lines', [line(1, '<meta'), line(2, '  content="a'), line(3, 'b">c')], [[1, 1]], [['<meta'], ['  content="a'], ['b">']]],
  ['a tag does not go on behind a gap', [line(1, '<meta'), line(9, 'x>')], [[1, 1]], [['<meta'], []]],
  ['a cut line ends the mark', [line(1, '<meta content="', { cut: true }), line(2, 'x>')], [[1, 1]], [['<meta content="'], []]],
  ['two tags of a line are two marks', [line(1, '<a><b>')], [[1, 4], [1, 1]], [['<a>', '<b>']]],
  ['columns count characters, not code units', [line(1, '가😀<b>x')], [[1, 3]], [['<b>']]],
  ['a piece of a long line begins at its own column', [line(1, 'start', { cut: true }), { number: 1, column: 500, text: '..<meta x>..', cut: true }], [[1, 502]], [[], ['<meta x>']]],
  ['a place that is not shown marks nothing', [line(1, '<a>')], [[7, 1], [1, 90]], [[]]],
]) {
  test(`in the source, ${what}`, () => assert.deepEqual(marked(lines, ...places), expected));
}
