// The parts of the firewall page that need no browser: bars, groups, lines, names, words.

import assert from 'node:assert/strict';
import { test } from 'node:test';

const script = (name) => import(new URL(`../../static/js/${name}`, import.meta.url));
const [{ comb, layout, pieceAt, addresses }, { blocks, culprit, foremost, refusing }, { Dumps, decode, ports }, { Lines, visible }, { EXAMPLE }] = await Promise.all(
  ['networks', 'groups', 'dumps', 'lines', 'example'].map((name) => script(`firewall/${name}.js`)),
);

test('a network has as many addresses as its length says', () => {
  assert.deepEqual(['27.0.236.0/22', '27.0.236.1/32', '27.0.236.1', '2404:4600::/32'].map(addresses), [1024, 1, 1, 2 ** 96]);
});

test('pieces of a bar are as wide as their shares, but never too thin to see', () => {
  assert.deepEqual(layout([512, 256, 256]), [0, 0.5, 0.75, 1]);
  const starts = layout([1, 2 ** 20]);
  assert.ok(starts[1] > 0.01 && starts[1] < 0.02, starts);
  assert.equal(layout(Array(5_000).fill(1)).at(-1), 1);
});

test('a place on a bar belongs to the piece that covers it', () => {
  const starts = layout([512, 256, 256]);
  assert.deepEqual([0, 0.49, 0.5, 0.74, 0.75, 1].map((place) => pieceAt(starts, place)), [0, 0, 1, 1, 2, 2]);
  const many = layout(Array(5_000).fill(1));
  for (const index of [0, 1, 2_499, 4_998, 4_999]) assert.equal(pieceAt(many, (index + 0.5) / 5_000), index);
});

test('the outline of a verdict covers its pieces and nothing else', () => {
  assert.equal(comb([0, 0.5, 0.75, 1], (index) => index === 1), 'polygon(0% 100%, 50% 100%, 50% 0%, 75% 0%, 75% 100%)');
  assert.equal(comb([0, 0.5, 0.75, 1], (index) => index > 0), 'polygon(0% 100%, 50% 100%, 50% 0%, 100% 0%, 100% 100%)');
  assert.equal(comb([0, 1], () => false), null);
});

const by = (line) => ({ layer: 'host', file: 'rules.v4', line, chain: 'INPUT', text: '' });
const allowed = (cidr, line = 3) => ({ cidr, verdict: 'allowed', packet: 'reply', decided_by: by(line) });
const denied = (cidr, line = 2) => ({ cidr, verdict: 'denied', how: 'drop', packet: 'syn', decided_by: by(line) });
const range = (cidr, port, ...parts) => ({ cidr, service: 'scrap', port, change: null, verdict: new Set(parts.map(({ verdict }) => verdict)).size > 1 ? 'partial' : parts[0].verdict, parts });
const REPORT = {
  layers: [{ name: 'host', files: ['rules.v4'] }, { name: 'web', files: ['nginx.conf'] }],
  ranges: [
    range('10.0.0.0/24', 80, allowed('10.0.0.0/24')), range('10.0.0.0/24', 443, allowed('10.0.0.0/24')),
    range('10.0.1.0/24', 80, allowed('10.0.1.0/24')), range('10.0.1.0/24', 443, allowed('10.0.1.0/24')),
    range('10.0.4.0/22', 80, denied('10.0.4.0/22')), range('10.0.4.0/22', 443, allowed('10.0.4.0/23'), denied('10.0.6.0/23', 9)),
    range('2001:db8::/32', 80, { cidr: '2001:db8::/32', verdict: 'undetermined', packet: 'syn', doubts: [{ code: 'family-absent', layer: 'host', message: {} }] }),
  ],
};

test('ranges that fare alike are one block, ports that fare alike one lane, and what needs a hand comes first', () => {
  const shown = blocks(REPORT).map(({ family, verdict, rows, lanes }) => [family, verdict, rows.length, lanes.map((lane) => [lane.ports.join(), lane.parts.length])]);
  assert.deepEqual(shown, [
    [4, 'partial', 1, [['80', 1], ['443', 2]]],
    [4, 'allowed', 2, [['80,443', 2]]],
    [6, 'undetermined', 1, [['80', 1]]],
  ]);
});

test('no range is lost in the blocks', () => {
  const shown = blocks(REPORT).flatMap(({ rows, lanes }) => rows.flatMap(({ cidr }) => lanes.flatMap((lane) => lane.ports.map((port) => `${cidr} ${port}`))));
  assert.deepEqual(shown.sort(), REPORT.ranges.map(({ cidr, port }) => `${cidr} ${port}`).sort());
});

test('the piece that matters most is the largest that is refused', () => {
  const all = blocks(REPORT);
  const { block, lane, part } = foremost(all);
  assert.equal(all[block].lanes[lane].parts[part].cidr, '10.0.4.0/22');
});

test('the line that refuses most is named, with how many addresses it refuses', () => {
  const { by: line, count, ports: asked } = culprit(REPORT, 'denied');
  assert.deepEqual([line.line, count, asked], [2, 1024, [80]]);
  assert.equal(culprit(REPORT, 'undetermined').family, 6);
});

test('only layers that refuse something can be mended', () => {
  assert.deepEqual(refusing(REPORT).map(({ name }) => name), ['host']);
});

test('no two dumps have the same name', () => {
  const dumps = new Dumps();
  assert.deepEqual(['rules.v4', 'rules.v4', 'rules.v4', ' ', 'a/b'].map((name) => dumps.add(name, '').name), ['rules.v4', 'rules-2.v4', 'rules-3.v4', 'dump.txt', 'a/b']);
});

test('dumps keep their order, and a move beyond the ends changes nothing', () => {
  const dumps = new Dumps();
  const [first, second] = ['a', 'b'].map((name) => dumps.add(name, ''));
  assert.equal(dumps.move(first, -1), false);
  assert.equal(dumps.move(first, 1), true);
  assert.deepEqual(dumps.list, [second, first]);
  assert.equal(dumps.move(first, 1), false);
});

test('the address a layer sees goes along as the API writes it', () => {
  const dumps = new Dumps();
  dumps.add('a', 'x', { sees: 'balancer', behind: ' 10.0.0.0/8 ' });
  dumps.add('b', 'y', { sees: 'balancer' });
  assert.deepEqual(dumps.asked().map(({ sees }) => sees), ['balancer=10.0.0.0/8', 'balancer']);
});

for (const [typed, expected] of [['80, 443', [80, 443]], [' 443 443 ', [443]], ['', []], ['0', null], ['65536', null], ['http', null], ['80;443', null], ['1e3', null]]) {
  test(`ports as typed: ${JSON.stringify(typed)}`, () => assert.deepEqual(ports(typed), expected));
}

test('files of old Korean tools are read as they were meant', () => {
  const text = '# 카카오';
  assert.equal(decode(new TextEncoder().encode(text)), text);
  assert.equal(decode(Uint8Array.from([0x23, 0x20, 0xc4, 0xab, 0xc4, 0xab, 0xbf, 0xc0])), text);
  assert.equal(decode(Uint8Array.from([0xff, 0xfe, 0x23, 0, 0x20, 0, 0x74, 0xce])), '# 카');
});

test('lines are counted as the server counts them', () => {
  for (const [text, count] of [['', 1], ['a', 1], ['a\n', 1], ['a\nb', 2], ['a\r\nb\r\n', 2], ['\n\n', 2]]) assert.equal(new Lines(text).count, count, JSON.stringify(text));
  const lines = new Lines('a\r\nb\n\nc');
  assert.deepEqual([1, 2, 3, 4].map((number) => lines.at(number)), ['a', 'b', '', 'c']);
});

test('what would hide in a line is named, and a long line is cut', () => {
  assert.equal(visible('a\u202Eb\u0000\u200B\tc'), 'a‹U+202E›b‹U+0000›‹U+200B›\tc');
  const long = visible('x'.repeat(5_000));
  assert.ok(long.length < 1_100 && long.endsWith('(+4,000)'), long.slice(-20));
});

test('the example refuses port 80 before it allows it', () => {
  const lines = EXAMPLE.text.split('\n');
  const refusal = lines.findIndex((line) => /--dport 80 -j DROP/.test(line));
  const permission = lines.findIndex((line) => /--dport 80 -j ACCEPT/.test(line));
  assert.ok(refusal > 0 && permission > refusal);
});
