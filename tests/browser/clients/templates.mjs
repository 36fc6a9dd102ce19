// One template of each type, with every field, in the words of the SDKs (camelCase). Links lead to a domain that the sandbox registers.

const link = (more = {}) => ({ webUrl: 'https://example.com/post/1', mobileWebUrl: 'https://example.com/post/1', ...more });
const content = (title) => ({ title, description: '설명', imageUrl: 'https://example.com/a.png', imageWidth: 800, imageHeight: 800, link: link() });
const buttons = [{ title: '웹으로', link: link() }, { title: '앱으로', link: link({ androidExecutionParams: { key1: 'v 1' }, iosExecutionParams: { key1: 'v 1' } }) }];

export const TEMPLATES = {
  feed: {
    content: content('딸기 치즈 케익'),
    itemContent: { profileText: 'Kakao', profileImageUrl: 'https://example.com/p.png', titleImageText: 'Cheese cake', titleImageUrl: 'https://example.com/t.png', titleImageCategory: 'Cake', items: [{ item: 'cake1', itemOp: '1000원' }], sum: 'total', sumOp: '15000원' },
    social: { likeCount: 10, commentCount: 20, sharedCount: 30 },
    buttons,
  },
  list: { headerTitle: '오늘의 디저트', headerLink: link(), contents: [content('첫째'), content('둘째'), content('셋째')], buttons },
  location: { address: '경기 성남시 분당구 판교역로 235', addressTitle: '카카오 판교오피스', content: content('지도'), social: { likeCount: 1 }, buttons: buttons.slice(0, 1) },
  commerce: { content: content('신메뉴'), commerce: { regularPrice: 208800, discountPrice: 146160, discountRate: 30, productName: '붕어빵', currencyUnit: '₩', currencyUnitPosition: 1 }, buttons },
  text: { text: '기본 템플릿으로 제공되는 텍스트 템플릿입니다.', link: link(), buttons },
  calendar: { id: '645c67c05eb0f85ca3bba3f3', idType: 'event', content: content('행사'), buttons: buttons.slice(0, 1) },
};

export const capital = (name) => name[0].toUpperCase() + name.slice(1);
