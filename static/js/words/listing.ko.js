// The page's source, in Korean; loaded when it is opened.
export default {
  'source.gap': '{count}행 생략',
  'source.truncated': '태그에서 먼 행과 긴 행의 나머지는 생략했습니다.',
  'source.mark.error': '오류가 있는 태그',
  'source.mark.warning': '주의할 태그',
  'source.mark.info': '참고할 태그',
  'source.mark.used': '카드에 쓴 태그',
  'source.mark.seen': '그 밖에 읽은 태그',
};
