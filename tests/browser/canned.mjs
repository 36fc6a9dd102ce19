// Reports made by hand in the shape of the API: for states that a server reaches only with much preparation, and for hostile text.

import { KAKAO } from './logs.mjs';

const text = (ko, en = ko) => ({ ko, en });
const FROM = '2026-11-17T00:00:00Z';
const LIST = { origin: 'announced', name: 'announced', official: false, updated: '2026-06-17', age_days: 159, note: text('카카오가 BGP로 공개한 네트워크와 비교했습니다.', 'Compared with networks that Kakao announces by BGP.') };
const none = { ok: 0, redirected: 0, refused: 0, failed: 0, unknown: 0 };
const span = (first, last = first) => ({ first: `2026-11-${first}Z`, last: `2026-11-${last}Z` });

function range(cidr, origin, more = {}) {
  return { cidr, service: 'AS38099', holder: 'Kakao Corp', origin, requests: 0, addresses: 0, pages: 0, images: 0, statuses: none, span: null, slow: 0, timeline: [], ...more };
}

const wave = (steps, peak) => Array.from({ length: steps }, (_, step) => Math.max(0, Math.round(peak * Math.sin((step / steps) * Math.PI * 6))));
const sum = (some) => some.reduce((all, one) => all + one, 0);

/** A shop that refuses Kakao one folder; `more` replaces parts. */
export function logReport(more = {}) {
  const [first, second] = [wave(48, 40), wave(48, 9)];
  const counts = { genuine: 0, plausible: sum(first) + sum(second), 'unverified-cloud': 7, hidden: 0, forged: 312 };
  return {
    verdict: 'partly-refused', headline: text('카카오 스크랩 서버가 왔지만 일부 요청이 거부되었습니다.', 'Kakao’s scraper came, and part of its requests was refused.'),
    list: LIST, lately: 'served', stopped: false,
    files: [
      { name: 'access.log', format: 'combined', title: 'nginx / Apache combined', packed: null, bytes: 48_203_991, requests: 700, unreadable: 0, unreadable_example: null, client_field: 'peer', names_agent: true, span: span('17T00:00:02', '19T23:59:58'), long_lines: 0, damaged: null },
      { name: 'access.log.1.gz', format: 'combined', title: 'nginx / Apache combined', packed: 'gzip', bytes: 52_110_004, requests: 219, unreadable: 3, unreadable_example: '27.0.238.117 - - [17/Nov kakaotalk-scrap', client_field: 'http_x_forwarded_for', names_agent: true, span: null, long_lines: 1, damaged: 'unexpected end of file' },
    ],
    span: span('17T00:00:02', '19T23:59:58'), requests: sum(Object.values(counts)),
    origins: Object.entries(counts).map(([origin, requests]) => ({ origin, requests, addresses: Math.min(requests, 14), meaning: text(`${origin}의 뜻입니다.`, `What ${origin} means.`) })),
    statuses: { ...none, ok: 560, redirected: 12, refused: 34, failed: 2 },
    ranges: [
      range('27.0.236.0/22', 'plausible', { requests: sum(first), addresses: 9, pages: 300, images: sum(first) - 300, statuses: { ...none, ok: sum(first) - 30, refused: 28, failed: 2 }, span: span('17T01:02:03', '19T22:10:00'), slow: 2, timeline: first }),
      range('211.231.96.0/20', 'plausible', { requests: sum(second), addresses: 4, pages: sum(second), statuses: { ...none, ok: sum(second) - 6, refused: 6 }, span: span('17T03:00:00', '19T20:00:00'), timeline: second }),
      range('61.109.216.0/21', 'unverified-cloud', { service: 'AS45996', holder: 'Kakao Enterprise', requests: 7, addresses: 1, pages: 7, statuses: { ...none, ok: 7 }, span: span('18T10:00:00'), timeline: wave(48, 1) }),
      ...['110.76.140.0/22', '113.61.104.0/22', '121.53.0.0/16', '210.220.64.0/20', '2404:4600::/32'].map((cidr) => range(cidr, 'plausible')),
    ],
    timeline: { from: FROM, step_seconds: 5_400, steps: 48 },
    sources: Array.from({ length: 23 }, (_, index) => ({
      address: `203.0.113.${index + 1}`, origin: index === 3 ? 'unverified-cloud' : 'forged', requests: 60 - index * 2, span: span('17T05:00:00', '18T06:30:00'), statuses: { ...none, refused: 60 - index * 2 }, example: '/wp-login.php', user_agent: KAKAO,
    })),
    refused: [
      { path: '/event/autumn', status: 403, requests: 28, span: span('17T12:00:00', '19T13:00:00'), address: '27.0.238.117', meaning: text('웹 서버나 애플리케이션이 거부했습니다.', 'The web server or the application refused it.') },
      { path: '/', status: 499, requests: 2, span: span('18T12:00:00'), address: '27.0.238.118', meaning: text('카카오가 기다리다 끊었습니다.', 'Kakao hung up before the answer.') },
    ],
    pages: [
      { path: '/product/1024?from=kakao', requests: 301, status: 200, last: '2026-11-19T22:10:00Z', images: [{ path: '/images/1024.jpg', requests: 280, status: 200, got: true }] },
      { path: '/product/2048', requests: 44, status: 200, last: '2026-11-19T20:00:00Z', images: [{ path: '/images/2048.jpg', requests: 40, status: 403, got: false }, { path: '/images/2048b.jpg', requests: 1, status: null, got: false }] },
      { path: '/about', requests: 2, status: 304, last: null, images: [] },
    ],
    slow: [{ path: '/search?q=knit', seconds: 12.42, status: 200, time: '2026-11-18T02:11:09Z', address: '27.0.238.69' }],
    findings: [
      { code: 'kakao-refused-by-server', severity: 'error', message: text('카카오 요청 28건이 403으로 거부되었습니다.', '28 of Kakao’s requests were refused with 403.'), advice: text('/event/의 접근 규칙을 확인하세요.', 'Look at the access rules of /event/.'), evidence: '27.0.238.117 GET /event/autumn 403', confidence: 'observed' },
      { code: 'forged-sources', severity: 'warning', message: text('312건은 카카오의 이름만 빌렸습니다.', '312 requests only borrowed Kakao’s name.'), advice: text('User-Agent가 아니라 주소로 막으세요.', 'Block by address, never by user agent.'), evidence: null, confidence: 'observed' },
      { code: 'ranges-never-seen', severity: 'info', message: text('5개 대역은 오지 않았습니다.', '5 ranges never came.'), advice: text('약한 증거입니다.', 'This is weak evidence.'), evidence: null, confidence: 'default' },
    ],
    cut: ['sources'],
    ...more,
  };
}

/** Logs in which nothing of Kakao's is. */
export function emptyReport() {
  const report = logReport();
  return {
    ...report, verdict: 'absent', headline: text('카카오 요청이 없습니다.', 'No request of Kakao’s is in the logs.'), requests: 0, statuses: none, timeline: null, lately: null, sources: [], refused: [], pages: [], slow: [], cut: [],
    origins: report.origins.map((one) => ({ ...one, requests: 0, addresses: 0 })), ranges: report.ranges.map(({ cidr, origin }) => range(cidr, origin)), files: report.files.slice(0, 1),
    findings: [{ code: 'no-kakao-request', severity: 'warning', message: text('한 번도 오지 않았습니다.', 'It never came.'), advice: text('캐시를 초기화하고 한 번 공유하세요.', 'Reset the cache and share once.'), evidence: null, confidence: 'observed' }],
  };
}

const visit = (who, more = {}) => ({
  of: 'page', who, user_agent: KAKAO, url: 'https://shop.example.kr/product/1024', effective_url: 'https://shop.example.kr/product/1024', outcome: 'ok', evidence: null, status: 200, content_type: 'text/html', bytes: 18_231, title: '가을 니트', image: null,
  challenge: null, notice: null, runs: [1, 2, 3].map((run) => ({ outcome: 'ok', status: 200, first_byte_ms: 80, total_ms: 100 * run, address: '203.0.113.10:443' })), spread: { min: 100, median: 200, max: 300 }, differs: [], ...more,
});

export function probeReport() {
  return {
    requested_url: 'https://shop.example.kr/product/1024', probed_at: '2026-11-20T02:00:00Z', verdict: 'refused-for-kakao', headline: text('브라우저는 페이지를 받지만 카카오는 거부됩니다.', 'A browser gets the page, Kakao does not.'),
    limits: [text('주소로 거르는 사이트는 카카오에 다르게 답합니다.', 'A site that goes by address answers Kakao differently.')],
    dns: { host: 'shop.example.kr', outcome: 'ok', evidence: null, source: 'dns', kinds: [{ kind: 'A', outcome: 'ok' }, { kind: 'AAAA', outcome: 'no-records' }], records: [{ name: 'shop.example.kr', kind: 'CNAME', value: 'lb.example.net', ttl: 300 }, { name: 'lb.example.net', kind: 'A', value: '203.0.113.10', ttl: 60 }], ms: 12 },
    connections: [
      { address: '203.0.113.10:443', outcome: 'ok', evidence: null, connect_ms: 9, tls: { outcome: 'tls-incomplete-chain', version: 'TLS 1.3', versions: ['TLS 1.2', 'TLS 1.3'], chain: [{ subject: 'CN=shop.example.kr', issuer: 'CN=Example CA 1', names: ['shop.example.kr'], not_before: '2026-09-01', not_after: '2026-11-30' }], missing: 'CN=Example CA 1', days_left: 10, ms: 21 } },
      { address: '203.0.113.11:443', outcome: 'connect-timeout', evidence: 'no answer in 5 s', connect_ms: null, tls: null },
    ],
    visits: [
      visit('kakao', { outcome: 'status-403', evidence: '403 Forbidden', status: 403, bytes: 153, title: '403 Forbidden', differs: ['status', 'body'] }), visit('kakao-older', { status: 200, effective_url: 'https://shop.example.kr/login', challenge: 'Cloudflare', differs: ['redirect', 'challenge'] }),
      visit('facebook', { notice: '접근이 가능하지 않습니다.' }), visit('browser'), visit('kakao', { of: 'image', title: null, status: 200, content_type: 'image/jpeg', spread: null, bytes: null }),
    ],
    findings: [{ code: 'ua-blocked', rule: 'R40', severity: 'error', message: text('카카오의 User-Agent가 거부됩니다.', 'Kakao’s user agent is refused.'), advice: text('차단 규칙에서 빼세요.', 'Take it out of the block rule.'), evidence: '403', line: null, column: null, confidence: 'observed' }],
  };
}

const says = (kind, word, ko, en, more = {}) => ({ kind, says: word, message: text(ko, en), proof: null, command: null, confidence: 'observed', ...more });

/** Blocked by line 9 of `rules.v4`; `more` replaces parts. */
export function reachReport(more = {}) {
  return {
    requested_url: 'https://shop.example.kr/product/1024', made_at: '2026-11-20T02:00:00Z', verdict: 'blocked', headline: text('카카오 스크래퍼가 네트워크에서 막힙니다.', 'Kakao’s scraper is stopped in the network.'),
    blocked_by: { layer: 'network', name: 'host', reason: text('서버의 규칙이 카카오의 모든 대역을 거부합니다.', 'A rule of the host refuses every range of Kakao’s.'), place: 'rules.v4:8', line: '-A INPUT -p tcp -m tcp --dport 80 -j DROP' },
    evidence: [
      says('list', 'silent', '공식 목록이 아닙니다.', 'This is not the official list.', { command: 'scraplens ips refresh', confidence: 'default' }), says('dns', 'passes', '이름이 풀립니다.', 'The name resolves.', { proof: 'shop.example.kr → 203.0.113.10' }),
      says('connect', 'passes', '여기서는 연결됩니다.', 'A connection is made from here.'), says('tls', 'partly', '중간 인증서가 빠졌습니다.', 'An intermediate certificate is missing.'),
      says('acl', 'stops', '규칙이 거부합니다.', 'The rules refuse it.', { proof: 'rules.v4:8 -A INPUT -p tcp -m tcp --dport 80 -j DROP' }), says('http', 'silent', '여기서는 응답합니다.', 'It answers from here.'),
      says('image', 'missing', '페이지에 이미지가 없습니다.', 'The page has no image.'), says('logs', 'missing', '로그가 없습니다.', 'No log was given.', { command: 'scraplens reach https://shop.example.kr/product/1024 --log access.log' }),
    ],
    conflicts: [text('여기서는 열려 있지만 규칙은 거부합니다.', 'It is open from here, but the rules refuse it.')],
    advice: [text('규칙을 고치세요: `scraplens acl fix rules.v4`', 'Mend the rules: `scraplens acl fix rules.v4`'), text('한 번 공유하고 로그를 확인하세요.', 'Share once and look at the log.')],
    limits: [text('공식 목록으로 확인하지 않았습니다.', 'It was not checked against the official list.')],
    list: LIST, probe: probeReport(), acl: null, logs: logReport(), ...more,
  };
}
