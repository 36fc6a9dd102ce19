// Templates as Kakao's native SDKs put them on the wire, and calls as they make them.

const KEYS = { native: '1'.repeat(32), javascript: '2'.repeat(32) };
export const TOKEN = 'sandbox-user-1';
export const FRIEND = 'SANDBOXuuid0000000000002';
const KA = {
  native: 'sdk/2.20.1 sdk_type/kotlin os/android-34 lang/ko-KR origin/AbCdEfGhIjKlMnOpQrStUvWxYz0= device/SM-S911N android_pkg/com.example app_ver/1.0.0',
  javascript: 'sdk/2.7.4 os/javascript sdk_type/javascript lang/ko-KR device/Linux_x86_64 origin/https%3A%2F%2Fexample.com',
};

export const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A template of camelCase names in snake_case; execution params become one text, as the SDKs write them. */
export function template(value) {
  if (Array.isArray(value)) return value.map(template);
  if (value === null || typeof value !== 'object') return value;
  const written = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  return Object.fromEntries(written.map(([name, member]) => [snake(name), /xecutionParams$/.test(name) ? params(member) : template(member)]));
}

const params = (value) => (typeof value === 'string' ? value : new URLSearchParams(value).toString());

/** Calls the sandbox: `{ status, body }`. */
export async function call(origin, { method = 'POST', path, form = {}, key = 'native', token = null }) {
  const text = Object.entries(form).filter(([, value]) => value !== undefined).map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
  const parameters = new URLSearchParams(text).toString();
  const headers = { Authorization: token ? `Bearer ${token}` : `KakaoAK ${KEYS[key]}`, KA: KA[key] };
  if (method === 'POST') headers['Content-Type'] = 'application/x-www-form-urlencoded;charset=utf-8';
  const url = method === 'GET' ? `${origin}${path}?${parameters}` : `${origin}${path}`;
  const response = await fetch(url, { method, headers, body: method === 'POST' ? parameters : undefined });
  return { status: response.status, body: await response.json(), sent: { method, path, headers, parameters } };
}
