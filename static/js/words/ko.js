// What every page says, in Korean. What only one says stands in a file of its own: scrape.ko.js, firewall.ko.js.
export default {
  skip: '본문으로 건너뛰기',
  footer: 'scraplens는 카카오와 관계없는 도구입니다. 공개된 문서와 관찰된 동작을 바탕으로 하며, 카카오의 실제 동작과 다를 수 있습니다.',
  'theme.label': '화면 색',
  'theme.auto': '시스템 설정에 따름',
  'theme.light': '밝게',
  'theme.dark': '어둡게',
  'language.label': '언어',

  'nav.label': '화면',
  'nav.scrape': '스크랩',
  'nav.firewall': '방화벽',

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

  'verdict.label': '판정',
  'verdict.fix': '고치는 방법',
  'verdict.more': '자세히 보기',

  'place.long': '{line}행 {column}열',
  'place.line': '{line}행',

  'command.heading': '명령줄',
  'raw.heading': '원본 데이터',
  'raw.show': 'JSON 보기',
  copy: '복사',
  'copy.done': '복사했습니다',
  'copy.failed': '복사하지 못했습니다',
};
