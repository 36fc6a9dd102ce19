// The example of the first visit: a shop whose pages Kakao gets, whose events it does not, and a stranger who borrows its name.

const KAKAO = 'facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984';
const SHOP = 'https://shop.example.kr/product/1024';
/** Day and time, address, path, status, bytes, and for images the page they belong to. */
const ROWS = [
  ['17/Nov/2026:09:12:44', '27.0.238.117', '/product/1024', 200, 18_231], ['17/Nov/2026:09:12:45', '27.0.238.69', '/images/1024.jpg', 200, 84_210, SHOP],
  ['17/Nov/2026:21:40:02', '211.231.103.92', '/event/autumn', 403, 153], ['18/Nov/2026:08:03:19', '211.249.201.138', '/product/2048', 200, 17_902],
  ['18/Nov/2026:08:03:20', '121.53.83.7', '/images/2048.jpg', 404, 153, 'https://shop.example.kr/product/2048'], ['18/Nov/2026:12:30:51', '203.0.113.77', '/wp-login.php', 404, 153],
  ['18/Nov/2026:12:30:52', '203.0.113.77', '/.env', 404, 153], ['18/Nov/2026:12:30:52', '203.0.113.77', '/admin', 404, 153],
  ['19/Nov/2026:10:15:00', '220.64.100.6', '/product/1024', 200, 18_231], ['19/Nov/2026:10:15:02', '27.0.238.118', '/images/1024.jpg', 200, 84_210, SHOP],
  ['19/Nov/2026:19:02:37', '211.231.103.107', '/event/autumn', 403, 153], ['20/Nov/2026:07:45:13', '61.109.216.9', '/product/1024', 200, 18_231],
  ['20/Nov/2026:11:20:08', '27.0.238.117', '/', 499, 0], ['20/Nov/2026:18:55:41', '220.64.105.250', '/product/1024', 200, 18_231],
];

export const EXAMPLE = {
  name: 'access.log',
  text: ROWS.map(([time, address, path, status, bytes, page = '-']) => `${address} - - [${time} +0900] "GET ${path} HTTP/1.1" ${status} ${bytes} "${page}" "${KAKAO}"\n`).join(''),
};
