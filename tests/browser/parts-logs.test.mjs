// The parts of the logs and reach pages that need no browser: charts, what a file is, the way to the page, tables for others.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

import { logReport, reachReport } from './canned.mjs';
import { IPTABLES, SECURITY_GROUP } from './firewall.mjs';
import { ACCESS, KAKAO } from './logs.mjs';

const script = (name) => import(new URL(`../../static/js/${name}.js`, import.meta.url));
const [{ columns, peak, together }, { Given, base64, kindOf }, { stations }, { csv, codeMarkdown, plainMarkdown }, { csvOf, markdown }, firewall, { LogFiles, packed }, logSettings, reachSettings, { EXAMPLE }, { fileName }] = await Promise.all(
  ['traffic/chart', 'reach/given', 'reach/path', 'cells', 'logs/export', 'firewall/export', 'logs/files', 'logs/settings', 'reach/settings', 'logs/example', 'save'].map(script),
);

test('a column is as high as its count, and one of few is still seen', () => {
  assert.equal(columns([10, 0, 5], 10, 300, 40), 'M0 40V0H82V40zM200 40V20H282V40z');
  assert.match(columns([1, 100_000], 100_000, 200, 40), /^M0 40V38H/);
  assert.equal(columns([0, 0], 1, 100, 40), '');
});

test('the peak is the first of the highest, and nothing has none', () => {
  assert.deepEqual(peak([1, 7, 7]), { index: 1, count: 7 });
  assert.equal(peak([0, 0]), null);
  assert.equal(peak([]), null);
});

test('all ranges together are the sum of each step, and more steps than the report names are left out', () => {
  assert.deepEqual(together([{ timeline: [1, 2, 3] }, { timeline: [10, 0, 0, 99] }, { timeline: [] }], 3), [11, 2, 3]);
});

const bytes = (text) => new TextEncoder().encode(text);
for (const [what, name, head, expected] of [
  ['a combined log', 'anything.txt', bytes(ACCESS), 'log'],
  ['a packed log', 'x', gzipSync('x'), 'log'],
  ['a zstd log', 'x', Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0]), 'log'],
  ['an IIS log', 'u_ex261120.log', bytes('#Software: Microsoft Internet Information Services 10.0\n#Fields: date time c-ip\n'), 'log'],
  ['a log of a load balancer', 'lb.txt', bytes('https 2026-11-20T01:12:01.123456Z app/web/50dc6c495c0c9188 27.0.238.117:43210 10.0.0.7:443 0.000 0.010 0.000 200 200 34 366 "GET https://shop.example.kr:443/ HTTP/1.1"\n'), 'log'],
  ['Cloudflare Logpush', 'cf.json', bytes('{"ClientIP":"27.0.238.117","ClientRequestURI":"/p","ClientRequestUserAgent":"x"}\n'), 'log'],
  ['a log of a JSON template', 'a.json', bytes('{"time":"2026-11-20T10:12:01+09:00","remote_addr":"27.0.238.117","status":200}\n'), 'log'],
  ['iptables', 'rules.v4', bytes(IPTABLES), 'dump'],
  ['iptables in a file called log', 'iptables.log', bytes(IPTABLES), 'dump'],
  ['a security group', 'sg.json', bytes(SECURITY_GROUP), 'dump'],
  ['nginx rules', 'nginx.conf', bytes('server {\n  listen 443;\n  access_log /var/log/nginx/access.log;\n  deny 27.0.236.0/22;\n}\n'), 'dump'],
  ['Apache rules', '.htaccess', bytes('Require not ip 27.0.236.0/22\n'), 'dump'],
  ['an unknown text called access.log', 'access.log.1', bytes('what is this\n'), 'log'],
]) {
  test(`${what} is taken for a ${expected}`, () => assert.equal(kindOf(name, head), expected));
}

test('a file may be switched from one kind to the other and back without losing a byte', async () => {
  const given = new Given();
  await given.add('rules', new Blob([IPTABLES]));
  assert.deepEqual([given.dumps.list.length, given.logs.list.length], [1, 0]);
  const log = given.asLog(given.dumps.list[0]);
  assert.deepEqual([given.dumps.list.length, given.logs.list.length], [0, 1]);
  await given.asDump(log);
  assert.equal(given.dumps.asked()[0].text, IPTABLES);
});

test('a packed log goes along as base64, a plain one as text', async () => {
  const given = new Given();
  const gz = gzipSync(ACCESS);
  await given.add('a.log', new Blob([ACCESS]));
  await given.add('b.log.gz', new Blob([gz]));
  const [plain, zipped] = await given.logsAsked();
  assert.deepEqual(plain, { name: 'a.log', text: ACCESS });
  assert.deepEqual(Buffer.from(zipped.base64, 'base64'), gz);
  const many = Uint8Array.from({ length: 100_001 }, (_, index) => index & 255);
  assert.deepEqual(new Uint8Array(Buffer.from(base64(many), 'base64')), many);
});

const path = (report) => stations(report).map(({ name, state }) => `${name} ${state}`);

test('the way ends at the layer that blocks, and nothing is said of what is behind it', () => {
  assert.deepEqual(path(reachReport()), ['dns passes', 'network stops', 'tls beyond', 'web-server beyond', 'application beyond']);
});

test('where the page is reached every layer is passed, except those that some do not pass', () => {
  assert.deepEqual(path(reachReport({ verdict: 'reachable', blocked_by: null })).filter((one) => !/passes/.test(one)), ['network partly', 'tls partly']);
});

test('without evidence a layer is not known', () => {
  const evidence = reachReport().evidence.map((one) => ({ ...one, says: 'missing' }));
  assert.ok(path(reachReport({ verdict: 'cannot-tell', blocked_by: null, evidence })).every((one) => one.endsWith('unknown')));
});

test('a cell that a spreadsheet would take for a formula is text, and quotes and lines stay in their cell', () => {
  assert.equal(csv([['=1+1', '+1', '-1', '@x', 'a"b', 'c,d', 'e\nf', null, 7, -7]]), '\'=1+1,\'+1,\'-1,\'@x,"a""b","c,d","e\nf",,7,-7\r\n');
});

test('foreign text in Markdown is neither markup nor a cell of its own', () => {
  assert.equal(codeMarkdown('a|b`c'), '``a\\|b`c``');
  assert.equal(codeMarkdown('`x`'), '`` `x` ``');
  assert.equal(plainMarkdown('<b>[x](y)|\n# z'), '\\<b\\>\\[x\\]\\(y\\)\\| \\# z');
});

test('a hostile log makes no row, cell or link of its own in what is exported', () => {
  const evil = '=cmd|" /C calc"!A0\n| [x](javascript:alert(1)) | <script>';
  const report = logReport();
  report.sources = [{ ...report.sources[0], example: evil, user_agent: evil }];
  report.refused = [{ ...report.refused[0], path: evil }];
  for (const kind of ['sources', 'refused']) {
    const text = csvOf(report, kind);
    assert.ok(text.includes('"\'=cmd|"" /C calc""!A0\n'), text);
    assert.equal(text.split('\r\n').length, 3);
  }
  const rows = markdown(report).split('\n').filter((line) => line.includes('=cmd'));
  assert.equal(rows.length, 2);
  for (const row of rows) assert.match(row.replace(/(`+).*?\1/g, ''), /^\|[^<[]*\|$/);
});

test('every table of the report is exported with a header and a row for each of its rows', () => {
  const report = logReport();
  const count = (kind) => csvOf(report, kind).trim().split('\r\n').length - 1;
  assert.deepEqual(['ranges', 'sources', 'refused', 'pages'].map(count), [report.ranges.length, report.sources.length, report.refused.length, 4]);
  assert.match(csvOf(report, 'ranges'), /^cidr,origin,service,holder,requests,/);
});

test('a firewall report is exported with each part and the line that decides it', () => {
  const by = { layer: 'host', file: 'rules.v4', line: 8, text: '-A INPUT | -j DROP', chain: 'INPUT' };
  const report = {
    headline: { ko: '막힘', en: 'shut' }, list: { name: 'announced', updated: '2026-06-17', note: { ko: '', en: '' } }, layers: [{ name: 'host', title: 'iptables', files: ['rules.v4'] }],
    ranges: [{ cidr: '27.0.236.0/22', service: 'AS38099', port: 80, verdict: 'partial', change: null, parts: [{ cidr: '27.0.236.0/23', verdict: 'denied', how: 'drop', packet: 'syn', decided_by: by }, { cidr: '27.0.238.0/23', verdict: 'allowed', packet: 'reply' }] }],
  };
  const rows = firewall.csvOf(report).trim().split('\r\n');
  assert.equal(rows.length, 3);
  assert.equal(rows[1], '27.0.236.0/22,AS38099,80,,,27.0.236.0/23,denied,drop,syn,host,rules.v4,8,\'-A INPUT | -j DROP,');
  assert.match(firewall.markdown(report), /`27\.0\.236\.0\/23` \| 80 \|.*`rules\.v4:8` \| `-A INPUT \\\| -j DROP`/);
});

test('no two logs have the same name, and what is packed is told by its name', () => {
  const logs = new LogFiles();
  assert.deepEqual(['access.log', 'access.log', ''].map((name) => logs.add(name, new Blob(['x'])).name), ['access.log', 'access-2.log', 'access-3.log']);
  assert.equal(logs.bytes, 3);
  assert.deepEqual(['a.gz', 'a.zst', 'a.log'].map(packed), ['gzip', 'zstd', null]);
});

for (const [what, set, expected] of [
  ['nothing set', {}, []],
  ['proxies', { proxies: ' 10.0.0.0/8,2001:db8::1 ' }, [['proxy', '10.0.0.0/8'], ['proxy', '2001:db8::1']]],
  ['a proxy that is none', { proxies: 'nginx' }, 'ask.proxies'],
  ['a list that is not there', { own: true }, 'ask.ranges'],
  ['an end before its beginning', { since: '2026-11-21T00:00', until: '2026-11-20T00:00' }, 'ask.times'],
  ['a format and its field', { format: 'combined', client: ' x ' }, [['format', 'combined'], ['client_field', 'x']]],
]) {
  test(`settings of logs: ${what}`, () => assert.deepEqual(logSettings.asked({ ...logSettings.untouched(), ...set }), expected));
}

test('an address without a scheme is taken for https, and nothing for nothing', () => {
  assert.deepEqual(['shop.example.kr/p', ' http://x ', ''].map(reachSettings.address), ['https://shop.example.kr/p', 'http://x', null]);
  assert.deepEqual(reachSettings.asked({ ...reachSettings.untouched(), proxies: 'nginx' }), 'ask.proxies');
  assert.deepEqual(reachSettings.asked({ ...reachSettings.untouched(), client: ' x ', proxies: '10.0.0.1' }), { probe: true, client_field: 'x', proxies: ['10.0.0.1'] });
});

test('the example is a log of requests in Kakao’s name', () => {
  const lines = EXAMPLE.text.trim().split('\n');
  assert.ok(lines.length > 10 && lines.every((line) => line.includes(KAKAO) && /^\S+ - - \[\d\d\/\w{3}\/2026:\d\d:\d\d:\d\d \+0900\] "GET \S+ HTTP\/1\.1" \d{3} \d+ "\S+" "/.test(line)));
});

test('a file name from outside leads nowhere', () => {
  assert.equal(fileName('kakao-reach', '../../etc/passwd'), 'kakao-reach-.._.._etc_passwd');
  assert.equal(fileName('..hidden'), 'hidden');
});
