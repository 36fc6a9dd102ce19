// A change to the rules, in Korean; loaded with the first one.
export default {
  'fix.diff': '변경 내용',
  'fix.proof': '검증',
  'fix.commands': '실행할 명령',
  'fix.remarks': '적용하기 전에',
  'fix.obstacles': '아직 막히거나 알 수 없는 것',
  'fix.changed': '함께 달라지는 것: 이대로 적용하지 마세요',
  'fix.also': '카카오 대역에 함께 열리는 포트',
  'fix.apply': '바꾼 규칙으로 다시 확인',
  'fix.more': '{count}행 더 있습니다. 복사하면 모두 들어갑니다.',
};
