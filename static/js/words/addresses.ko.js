// What is wrong with an address, in Korean; loaded when the server refuses one. English readers get its own words.
export default {
  'problem.url-scheme': 'http:// 또는 https://로 시작하는 주소만 확인할 수 있습니다.',
  'problem.url-userinfo': '주소에 사용자 이름이나 비밀번호가 있습니다. //와 @ 사이를 지우세요.',
  'problem.url-too-long': '주소가 너무 깁니다. 추적용 매개변수 등을 빼고 줄이세요.',
  'problem.url-no-host': '주소에 호스트 이름이 없습니다. https://example.com/page처럼 전체 주소를 입력하세요.',
  'problem.url-empty-label': '호스트 이름에 점이 잇달아 있습니다.',
  'problem.url-label-too-long': '호스트 이름의 한 부분이 63바이트를 넘습니다.',
  'problem.url-host-too-long': '호스트 이름이 253바이트를 넘습니다.',
  'problem.url-port-zero': '포트 0에는 연결할 수 없습니다.',
  'problem.url-invalid': '올바른 주소가 아닙니다. 호스트와 포트를 확인하세요.',
};
