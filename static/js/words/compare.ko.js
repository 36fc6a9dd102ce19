// What others were answered, in Korean; loaded when others were asked.
export default {
  'compare.heading': '다른 방문자와 비교',
  'compare.of': '대상',
  'compare.who': '방문자',
  'compare.got': '받은 것',
  'compare.challenge': '{vendor} 봇 확인 페이지',
};
