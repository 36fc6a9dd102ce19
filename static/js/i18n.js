// Every sentence of the page in both languages, and the choice between them.
// The sentences of findings are not here: they come with the report.

import { recall, remember } from './store.js';

const KO = {
  'page.title': '카카오톡 스크랩 점검',
  skip: '본문으로 건너뛰기',
  footer: 'scraplens는 카카오와 관계없는 도구입니다. 공개된 문서와 관찰된 동작을 바탕으로 하며, 카카오의 실제 동작과 다를 수 있습니다.',
  'theme.label': '화면 색',
  'theme.auto': '시스템 설정에 따름',
  'theme.light': '밝게',
  'theme.dark': '어둡게',
  'language.label': '언어',

  'ask.label': '확인할 페이지 주소(URL)',
  'ask.go': '스크랩',
  'ask.empty': '확인할 페이지 주소를 입력하세요.',

  'welcome.heading': '카카오톡이 읽는 그대로 보여 드립니다',
  'welcome.body': '페이지 주소를 입력하면 카카오톡 스크랩과 같은 방식으로 한 번 읽고, 만들어질 카드와 이미지가 나오지 않는 이유, 고치는 방법을 알려 드립니다.',
  'welcome.try': '예시로 시작하기',
  'welcome.example.tagged': 'og 태그가 있는 페이지',
  'welcome.example.bare': 'og 태그가 없는 페이지',
  'welcome.sample': '예시',
  'welcome.title': 'og:title이 여기에 두 줄까지 보입니다',
  'welcome.description': 'og:description이 여기에 두 줄까지 보입니다. 없으면 페이지의 설명을 씁니다.',

  'working.headline': '페이지를 읽고 있습니다',
  'working.reason': '카카오톡 스크랩과 같은 요청을 보냈습니다.',
  'working.fresh': '캐시를 비우고 처음부터 다시 읽고 있습니다.',
  'working.slow': '응답이 느립니다. 카카오톡은 오래 기다리지 않으므로 카드가 만들어지지 않을 수 있습니다.',
  'working.very-slow': '아직 응답을 기다리고 있습니다. 취소하고 나중에 다시 시도할 수 있습니다.',
  'working.elapsed': '{seconds}초',
  'working.cancel': '취소',
  'cancelled.headline': '취소했습니다',
  'cancelled.reason': '결과를 받기 전에 멈췄습니다.',
  retry: '다시 시도',
  'retry.in': '{seconds}초 뒤 다시 시도',

  'failure.busy': '지금은 요청이 많습니다',
  'failure.busy.reason': '잠시 뒤에 다시 시도하세요.',
  'failure.caller': '이 주소는 확인할 수 없습니다',
  'failure.server': '이 서버에 문제가 생겼습니다',
  'failure.server.reason': '입력한 페이지의 문제가 아닙니다. 잠시 뒤에 다시 시도하세요.',
  'failure.offline': '인터넷에 연결되어 있지 않습니다',
  'failure.offline.reason': '다시 연결되면 자동으로 이어서 확인합니다.',
  'failure.unreachable': 'scraplens 서버에 연결할 수 없습니다',
  'failure.unreachable.reason': '서버가 켜져 있는지, 네트워크가 막고 있지 않은지 확인하세요.',
  'failure.garbled': '서버의 응답을 읽을 수 없습니다',
  'failure.garbled.reason': '보고서가 아닌 응답이 왔습니다(HTTP {status}). 중간의 프록시가 응답을 바꾸었을 수 있습니다.',

  // The server explains these in English; English readers get its own words.
  'problem.url-scheme': 'http:// 또는 https://로 시작하는 주소만 확인할 수 있습니다.',
  'problem.url-userinfo': '주소에 사용자 이름이나 비밀번호가 있습니다. //와 @ 사이를 지우세요.',
  'problem.url-too-long': '주소가 너무 깁니다. 추적용 매개변수 등을 빼고 줄이세요.',
  'problem.url-no-host': '주소에 호스트 이름이 없습니다. https://example.com/page처럼 전체 주소를 입력하세요.',
  'problem.url-empty-label': '호스트 이름에 점이 잇달아 있습니다.',
  'problem.url-label-too-long': '호스트 이름의 한 부분이 63바이트를 넘습니다.',
  'problem.url-host-too-long': '호스트 이름이 253바이트를 넘습니다.',
  'problem.url-port-zero': '포트 0에는 연결할 수 없습니다.',
  'problem.url-invalid': '올바른 주소가 아닙니다. 호스트와 포트를 확인하세요.',

  'verdict.label': '판정',
  'verdict.refused': '이 주소는 확인할 수 없습니다',
  'verdict.unchecked': '이 서버가 페이지를 확인하지 못했습니다',
  'verdict.no-card': '카드가 만들어지지 않습니다',
  'verdict.no-card.reason': '카카오톡에는 주소만 보입니다.',
  'verdict.image-missing': '이미지가 표시되지 않습니다',
  'verdict.image-missing.reason': '카드에 쓸 이미지를 찾지 못했습니다.',
  'verdict.image-other': '의도한 이미지가 아닐 수 있습니다',
  'verdict.image-maybe': '이미지가 표시되지 않을 수 있습니다',
  'verdict.card-wrong': '카드가 의도와 다르게 표시됩니다',
  'verdict.card-check': '카드는 만들어지지만 확인할 점이 있습니다',
  'verdict.image-will': '이미지가 표시됩니다',
  'verdict.image-should': '이미지가 표시될 것으로 보입니다',
  'verdict.image-from': '{source}의 이미지를 사용합니다.',
  'verdict.image-unfetched': '{source}의 이미지를 사용합니다. 이미지 파일 자체는 아직 확인하지 않았습니다.',
  'verdict.fix': '고치는 방법',
  'verdict.more': '자세히 보기',
  'blame.site': '원인: 사이트',
  'blame.server': '원인: 이 서버',
  'blame.caller': '원인: 입력한 주소',

  'preview.heading': '미리보기',
  'preview.kind': '스크랩 메시지',
  'preview.button': '자세히 보기',
  'preview.no-image': '이미지 없음',
  'preview.foot': '실제 말풍선과 조금 다를 수 있습니다. 이미지는 내려받지 않고 자리만 표시합니다.',
  'preview.no-card': '카드 없이 주소만 보입니다.',

  'findings.heading': '진단 {count}건',
  'findings.none': '문제를 찾지 못했습니다',
  'findings.unexplained': '알려진 이유가 없습니다',
  'findings.none.body': '태그와 이동 경로에서 알릴 것이 없습니다.',
  'findings.legend': '카카오 문서: 카카오가 공개한 내용 · 관찰됨: 외부에서 확인된 동작 · 기본값: 알려지지 않아 이 도구가 정한 값',
  'severity.error': '오류',
  'severity.warning': '주의',
  'severity.info': '정보',
  'confidence.documented': '카카오 문서',
  'confidence.observed': '관찰됨',
  'confidence.default': '기본값(미확인)',
  'place.long': '{line}행 {column}열',
  'place.line': '{line}행',

  'hops.heading': '이동 경로',
  'hops.total': '요청 {count}번, 합계 {ms}',
  'hops.none': '보낸 요청이 없습니다.',
  'hops.no-answer': '응답 없음',
  'hops.location': '이동할 주소',
  'hops.server': '서버',
  'hops.no-address': '연결되지 않음',
  'hops.no-timing': '시간 기록 없음',
  'hops.legend': '단계별 시간',
  'stage.dns': 'DNS',
  'stage.connect': '연결',
  'stage.tls': 'TLS',
  'stage.wait': '대기',
  'stage.body': '본문',
  'certificate.heading': '인증서',
  'certificate.subject': '대상',
  'certificate.issuer': '발급자',
  'certificate.names': '사용할 수 있는 이름',
  'certificate.valid': '유효 기간',
  'certificate.chain': '받은 인증서 수',
  'certificate.days': '{days}일 남음',
  'certificate.expired': '만료됨',
  'certificate.early': '아직 유효하지 않음',

  'images.heading': '이미지 후보',
  'images.used': '사용',
  'images.spare': '{position}번째',
  'images.open': '열기',
  'images.open.label': '{position}번째 이미지를 새 창에서 열기',
  'images.none': '카드에 쓸 이미지가 없습니다',
  'images.none.body': '<head>에 og:image를 절대 주소로 적으면 이 자리에 나타납니다.',
  'images.foot': '카카오톡은 첫 번째 이미지를 보여 줍니다.',

  'page.heading': '응답',
  'page.requested': '요청한 주소',
  'page.final': '최종 주소',
  'page.followed': '따라간 og:url',
  'page.status': '상태',
  'page.type': '형식',
  'page.charset': '문자 인코딩',
  'page.size': '크기',
  'page.wire': '{size}로 전송({encoding})',
  'page.truncated': '끝까지 읽지 않음',
  'page.agent': 'User-Agent',
  'page.none': '받은 페이지가 없습니다.',
  'charset.bom': 'BOM에서 확인',
  'charset.http-header': 'Content-Type 헤더에서 확인',
  'charset.meta': '메타 태그에서 확인',
  'charset.valid-utf-8': '선언이 없고 UTF-8로 읽힘',
  'charset.detected': '선언이 없어 내용으로 추정',
  'charset.default': '선언이 없어 기본값 사용',

  'choices.heading': '값을 고른 이유',
  'choices.empty': '값 없음',
  'choices.all': '모든 후보 보기',
  'choices.field': '항목',
  'choices.final': '카드에 들어가는 값:',
  'choices.used': '사용',
  'choices.unused': '사용 안 함',
  'choices.value': '값',
  'choices.from': '출처',
  'choices.place': '위치',
  'choices.why': '이유',
  'field.title': '제목',
  'field.description': '설명',
  'field.url': '주소',
  'field.host': '호스트',
  'field.image': '이미지',
  'field.images': '이미지',
  'field.type': '종류',
  'field.site_name': '사이트 이름',
  'field.section': '섹션',
  'field.duration': '재생 시간',

  'tags.heading': '태그',
  'tags.count': '{shown} / {all}개',
  'tags.filter': '태그 찾기',
  'tags.filter.placeholder': '이름이나 내용',
  'tags.region': '위치로 고르기',
  'tags.region.all': '모든 위치',
  'tags.region.head': 'head',
  'tags.region.displaced': 'head 밖으로 밀려남',
  'tags.region.body': 'body',
  'tags.key': '이름',
  'tags.content': '내용',
  'tags.place': '행:열',
  'tags.where': '위치',
  'tags.none': '읽은 태그가 없습니다.',
  'tags.no-match': '찾는 태그가 없습니다.',
  'tags.empty': '(비어 있음)',

  'cache.heading': '캐시',
  'cache.miss': '지금 새로 읽었습니다',
  'cache.hit': '저장해 둔 결과입니다',
  'cache.stale': '기한이 지난 결과이며 다시 읽고 있습니다',
  'cache.bypass': '캐시를 쓰지 않았습니다',
  'cache.state': '상태',
  'cache.fetched': '읽은 시각',
  'cache.until': '다시 읽는 시각',
  'cache.note': '이 서버의 캐시입니다. 카카오의 캐시는 카카오 공유 디버거에서 따로 초기화해야 하며, 이미 보낸 메시지는 바뀌지 않습니다.',
  'cache.reset': '캐시 초기화 후 다시',

  'command.heading': '명령줄',
  'command.body': '같은 결과를 터미널과 CI에서 볼 수 있습니다.',
  'raw.heading': '원본 데이터',
  'raw.show': 'JSON 보기',
  copy: '복사',
  'copy.done': '복사했습니다',
  'copy.failed': '복사하지 못했습니다',
};

const EN = {
  'page.title': 'KakaoTalk scrape check',
  skip: 'Skip to content',
  footer: 'scraplens is not affiliated with Kakao. It works from published documents and observed behaviour, and Kakao may act differently.',
  'theme.label': 'Theme',
  'theme.auto': 'Follow the system',
  'theme.light': 'Light',
  'theme.dark': 'Dark',
  'language.label': 'Language',

  'ask.label': 'Address (URL) of the page to check',
  'ask.go': 'Scrape',
  'ask.empty': 'Enter the address of the page to check.',

  'welcome.heading': 'See your page as KakaoTalk reads it',
  'welcome.body': 'Enter an address. It is read once, the way KakaoTalk’s scraper does it, and you see the card it makes, why the image is missing, and how to fix it.',
  'welcome.try': 'Start with an example',
  'welcome.example.tagged': 'A page with og tags',
  'welcome.example.bare': 'A page without og tags',
  'welcome.sample': 'Example',
  'welcome.title': 'og:title goes here, on up to two lines',
  'welcome.description': 'og:description goes here, on up to two lines. Without it, the page’s own description is used.',

  'working.headline': 'Reading the page',
  'working.reason': 'The request KakaoTalk’s scraper would make has been sent.',
  'working.fresh': 'The cache is cleared and the page is read again from the start.',
  'working.slow': 'The answer is slow. KakaoTalk does not wait long, so there may be no card.',
  'working.very-slow': 'Still waiting for an answer. You can cancel and try again later.',
  'working.elapsed': '{seconds} s',
  'working.cancel': 'Cancel',
  'cancelled.headline': 'Cancelled',
  'cancelled.reason': 'Stopped before a result arrived.',
  retry: 'Try again',
  'retry.in': 'Try again in {seconds} s',

  'failure.busy': 'Too many requests right now',
  'failure.busy.reason': 'Try again in a moment.',
  'failure.caller': 'This address cannot be checked',
  'failure.server': 'This server has a problem',
  'failure.server.reason': 'The page you entered is not the cause. Try again in a moment.',
  'failure.offline': 'You are offline',
  'failure.offline.reason': 'The check goes on by itself once you are connected again.',
  'failure.unreachable': 'The scraplens server cannot be reached',
  'failure.unreachable.reason': 'Check that the server is running and that the network lets you through.',
  'failure.garbled': 'The server’s answer cannot be read',
  'failure.garbled.reason': 'What arrived is not a report (HTTP {status}). A proxy on the way may have changed it.',

  'verdict.label': 'Verdict',
  'verdict.refused': 'This address cannot be checked',
  'verdict.unchecked': 'This server could not check the page',
  'verdict.no-card': 'No card will be made',
  'verdict.no-card.reason': 'KakaoTalk shows only the address.',
  'verdict.image-missing': 'The image will not show',
  'verdict.image-missing.reason': 'No image was found for the card.',
  'verdict.image-other': 'A different image may show',
  'verdict.image-maybe': 'The image may not show',
  'verdict.card-wrong': 'The card will not look as intended',
  'verdict.card-check': 'There will be a card, with something to check',
  'verdict.image-will': 'The image will show',
  'verdict.image-should': 'The image should show',
  'verdict.image-from': 'The image of {source} is used.',
  'verdict.image-unfetched': 'The image of {source} is used. The image file itself has not been checked yet.',
  'verdict.fix': 'How to fix it',
  'verdict.more': 'See details',
  'blame.site': 'Cause: the site',
  'blame.server': 'Cause: this server',
  'blame.caller': 'Cause: the address entered',

  'preview.heading': 'Preview',
  'preview.kind': 'Scrape message',
  'preview.button': 'View',
  'preview.no-image': 'No image',
  'preview.foot': 'The real bubble may differ a little. The image is not downloaded; only its place is shown.',
  'preview.no-card': 'No card, only the address.',

  'findings.heading': '{count} findings',
  'findings.heading.one': '1 finding',
  'findings.none': 'No problems found',
  'findings.unexplained': 'No known reason',
  'findings.none.body': 'There is nothing to report about the tags or the redirects.',
  'findings.legend': 'Documented: published by Kakao · Observed: seen from outside · Our default: not known, so this tool chose a value',
  'severity.error': 'Error',
  'severity.warning': 'Warning',
  'severity.info': 'Info',
  'confidence.documented': 'Documented',
  'confidence.observed': 'Observed',
  'confidence.default': 'Our default',
  'place.long': 'line {line}, column {column}',
  'place.line': 'line {line}',

  'hops.heading': 'Redirect chain',
  'hops.total': '{count} requests, {ms} in all',
  'hops.total.one': '1 request, {ms}',
  'hops.none': 'No request was sent.',
  'hops.no-answer': 'No answer',
  'hops.location': 'Redirects to',
  'hops.server': 'Server',
  'hops.no-address': 'Not connected',
  'hops.no-timing': 'No times recorded',
  'hops.legend': 'Time per stage',
  'stage.dns': 'DNS',
  'stage.connect': 'Connect',
  'stage.tls': 'TLS',
  'stage.wait': 'Wait',
  'stage.body': 'Body',
  'certificate.heading': 'Certificate',
  'certificate.subject': 'Subject',
  'certificate.issuer': 'Issuer',
  'certificate.names': 'Valid for',
  'certificate.valid': 'Valid',
  'certificate.chain': 'Certificates sent',
  'certificate.days': '{days} days left',
  'certificate.days.one': '1 day left',
  'certificate.expired': 'expired',
  'certificate.early': 'not valid yet',

  'images.heading': 'Image candidates',
  'images.used': 'Used',
  'images.spare': 'No. {position}',
  'images.open': 'Open',
  'images.open.label': 'Open image {position} in a new window',
  'images.none': 'No image for the card',
  'images.none.body': 'Put og:image with an absolute address into <head>, and it appears here.',
  'images.foot': 'KakaoTalk shows the first image.',

  'page.heading': 'Response',
  'page.requested': 'Requested address',
  'page.final': 'Final address',
  'page.followed': 'Followed og:url',
  'page.status': 'Status',
  'page.type': 'Type',
  'page.charset': 'Encoding',
  'page.size': 'Size',
  'page.wire': '{size} on the wire ({encoding})',
  'page.truncated': 'not read to the end',
  'page.agent': 'User-Agent',
  'page.none': 'No page arrived.',
  'charset.bom': 'from the byte order mark',
  'charset.http-header': 'from the Content-Type header',
  'charset.meta': 'from the meta tag',
  'charset.valid-utf-8': 'undeclared, reads as UTF-8',
  'charset.detected': 'undeclared, guessed from the content',
  'charset.default': 'undeclared, default used',

  'choices.heading': 'Why these values',
  'choices.empty': 'no value',
  'choices.all': 'Show all candidates',
  'choices.field': 'Field',
  'choices.final': 'In the card:',
  'choices.used': 'used',
  'choices.unused': 'not used',
  'choices.value': 'Value',
  'choices.from': 'From',
  'choices.place': 'Place',
  'choices.why': 'Why',
  'field.title': 'Title',
  'field.description': 'Description',
  'field.url': 'Address',
  'field.host': 'Host',
  'field.image': 'Image',
  'field.images': 'Images',
  'field.type': 'Type',
  'field.site_name': 'Site name',
  'field.section': 'Section',
  'field.duration': 'Duration',

  'tags.heading': 'Tags',
  'tags.count': '{shown} of {all}',
  'tags.filter': 'Find tags',
  'tags.filter.placeholder': 'Name or content',
  'tags.region': 'Choose by region',
  'tags.region.all': 'Everywhere',
  'tags.region.head': 'head',
  'tags.region.displaced': 'pushed out of head',
  'tags.region.body': 'body',
  'tags.key': 'Name',
  'tags.content': 'Content',
  'tags.place': 'Line:col',
  'tags.where': 'Region',
  'tags.none': 'No tags were read.',
  'tags.no-match': 'No tag matches.',
  'tags.empty': '(empty)',

  'cache.heading': 'Cache',
  'cache.miss': 'Read just now',
  'cache.hit': 'Kept from an earlier scrape',
  'cache.stale': 'Past its time, being read again',
  'cache.bypass': 'The cache was not used',
  'cache.state': 'State',
  'cache.fetched': 'Read at',
  'cache.until': 'Kept until',
  'cache.note': 'This is this server’s cache. Kakao’s own is reset in Kakao’s sharing debugger, and messages already sent do not change.',
  'cache.reset': 'Reset cache and retry',

  'command.heading': 'Command line',
  'command.body': 'The same result in a terminal or in CI.',
  'raw.heading': 'Raw data',
  'raw.show': 'Show JSON',
  copy: 'Copy',
  'copy.done': 'Copied',
  'copy.failed': 'Could not copy',
};

const LANGUAGES = { ko: KO, en: EN };
let current = 'ko';

/** The language now shown, `ko` or `en`. */
export function language() {
  return current;
}

/** The sentence `key` with its `{names}` filled in, numbers with thousands separators. A 1 takes `key.one` if there is one. */
export function t(key, values = {}) {
  const sentences = LANGUAGES[current];
  const one = Object.values(values).includes(1) && sentences[`${key}.one`];
  const sentence = one || sentences[key] || key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name] ?? whole;
    return typeof value === 'number' ? value.toLocaleString(current) : value;
  });
}

/** True if there is a sentence `key`. */
export function known(key) {
  return key in LANGUAGES[current];
}

/** A `{ko, en}` text of the server in the language now shown; a plain string as it is. */
export function pick(text) {
  if (typeof text === 'string') return text;
  return text?.[current] ?? text?.en ?? text?.ko ?? '';
}

/** The language to start with: `?lang=`, else what was chosen here before, else the browser's, else English. */
function preferred() {
  const asked = [new URLSearchParams(location.search).get('lang'), recall('lang'), ...(navigator.languages ?? [navigator.language])];
  return asked.map((tag) => tag?.slice(0, 2).toLowerCase()).find((tag) => Object.hasOwn(LANGUAGES, tag ?? '')) ?? 'en';
}

/** Fills in every `data-i18n` of the document and says in which language it is. */
function apply() {
  document.documentElement.lang = current;
  for (const element of document.querySelectorAll('[data-i18n]')) element.textContent = t(element.dataset.i18n);
  for (const element of document.querySelectorAll('[data-i18n-label]')) {
    element.setAttribute('aria-label', t(element.dataset.i18nLabel));
    if (element.tagName === 'BUTTON') element.title = t(element.dataset.i18nLabel);
  }
}

/** Starts with the preferred language and makes the switch work; `changed` is called after each change. */
export function wireLanguage(group, changed) {
  const buttons = [...group.querySelectorAll('button')];
  const show = (chosen) => {
    current = chosen;
    apply();
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.lang === chosen));
  };
  for (const button of buttons) {
    button.addEventListener('click', () => {
      remember('lang', button.dataset.lang);
      const address = new URL(location.href);
      if (address.searchParams.has('lang')) {
        address.searchParams.set('lang', button.dataset.lang);
        history.replaceState(history.state, '', address);
      }
      show(button.dataset.lang);
      changed();
    });
  }
  show(preferred());
}
