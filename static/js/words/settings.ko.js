// The settings of the firewall page, in Korean; loaded when they are opened.
export default {
  'settings.list': '확인할 카카오 IP 대역',
  'settings.choice.announced': '서버가 가진 대역',
  'settings.choice.own': '직접 제공',
  'settings.announced.note': '서버가 카카오 API에서 받은 공식 목록을 쓰고, 없으면 카카오가 BGP로 공개한 네트워크를 씁니다. 그 네트워크는 카카오의 공식 스크랩 IP 목록이 아닙니다.',
  'settings.own.note': '카카오 API의 응답 JSON을 그대로 넣거나, 한 줄에 하나씩 CIDR로 적으세요.',
  'settings.ranges.label': '카카오 IP 목록',
  'settings.ranges.pick': '목록 파일 선택',
  'settings.ports': '포트',
  'settings.ports.note': '비워 두면 목록에 적힌 포트를, 없으면 80과 443을 확인합니다.',
  'settings.interface': '인터페이스(선택)',
  'settings.interface.note': '인터넷에서 들어오는 인터페이스의 이름입니다.',
  'settings.url': '페이지 주소(선택)',
  'settings.url.note': '웹 서버 규칙이 호스트나 경로에 따라 다를 때 적으세요.',
};
