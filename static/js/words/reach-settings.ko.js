// What is asked beside the page, in Korean; loaded when the settings are opened.
export default {
  'settings.probe': '페이지에 접속',
  'settings.probe.yes': '접속해 봄',
  'settings.probe.no': '접속하지 않음',
  'settings.probe.note': '이 서버에서 카카오와 브라우저의 User-Agent로 몇 번씩 요청합니다. 내부망 페이지라면 끄세요.',
  'settings.ports': '포트',
  'settings.ports.note': '방화벽에서 확인할 포트입니다. 비워 두면 목록에 적힌 포트를, 없으면 80과 443을 확인합니다.',
  'settings.list': '카카오 IP 대역',
  'settings.choice.known': '서버가 가진 대역',
  'settings.choice.own': '직접 제공',
  'settings.known.note': '서버가 카카오 API에서 받은 공식 목록을 쓰고, 없으면 카카오가 BGP로 공개한 네트워크를 씁니다.',
  'settings.own.note': '카카오 API의 응답 JSON을 그대로 넣거나, 한 줄에 하나씩 CIDR로 적으세요.',
  'settings.ranges.label': '카카오 IP 목록',
  'settings.ranges.pick': '목록 파일 선택',
};
