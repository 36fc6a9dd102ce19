// Stands in for Kakao's JavaScript SDK where the file itself is not at hand: the same names, and on the wire what the SDK (1.43, 2.7) was
// seen to put there. It checks nothing of what the SDK checks before.
(() => {
  'use strict';
  const VERSION = '2.7.4';
  const agent = `sdk/${VERSION} os/javascript sdk_type/javascript lang/${navigator.language} device/${navigator.platform.replaceAll(' ', '_')} origin/${encodeURIComponent(location.origin)}`;
  const mobile = /Android|iPhone/.test(navigator.userAgent);
  let key = null;

  const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const wire = (value) => {
    if (Array.isArray(value)) return value.map(wire);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [snake(name.replace('ExecParams', 'ExecutionParams')), wire(member)]));
  };
  const text = (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  const form = (data) => new URLSearchParams(Object.entries(data).filter(([, value]) => value !== undefined).map(([name, value]) => [name, text(value)]));

  async function request({ url, data = {}, method = 'POST', token = null, files = null }) {
    const headers = { Authorization: token ? `Bearer ${token}` : `KakaoAK ${key}`, KA: agent };
    let body;
    let address = `https://kapi.kakao.com${url}`;
    if (files) { body = new FormData(); body.append('file', files[0]); for (const [name, value] of Object.entries(data)) body.append(name, text(value)); }
    else if (method === 'POST') { body = form(data); }
    else { address += `?${form(data)}`; }
    const response = await fetch(address, { method, headers, body });
    const answer = await response.json();
    if (!response.ok) throw answer;
    return answer;
  }

  const KINDS = { default: 'default', custom: 'validate', scrap: 'scrap' };
  function send(kind, settings, link) {
    const callback = settings.serverCallbackArgs && { lcba: text(settings.serverCallbackArgs) };
    if (!mobile) {
      const popup = window.open('', 'sharer', 'width=460,height=608');
      const sent = document.createElement('form');
      Object.assign(sent, { method: 'post', acceptCharset: 'utf-8', action: 'https://sharer.kakao.com/picker/link', target: 'sharer' });
      for (const [name, value] of Object.entries({ app_key: key, ka: agent, validation_action: kind, validation_params: JSON.stringify(link), ...callback })) {
        sent.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
      }
      document.body.append(sent);
      sent.submit();
      sent.remove();
      return popup;
    }
    return request({ url: `/v2/api/kakaolink/talk/template/${KINDS[kind]}`, method: 'GET', data: link }).then((answer) => {
      const extras = JSON.stringify({ KA: agent, ...callback });
      const parameters = new URLSearchParams({ appkey: key, appver: '1.0', linkver: '4.0', extras, template_json: JSON.stringify(answer.template_msg), template_args: JSON.stringify(answer.template_args), template_id: String(answer.template_id) });
      window.opened = `kakaolink://send?${parameters}`;
    }, (error) => { location.href = `https://sharer.kakao.com/picker/failed?app_key=${key}&error=${btoa(JSON.stringify({ name: 'KAPIError', ...error }))}`; });
  }

  const OWN = ['serverCallbackArgs', 'installTalk', 'callback', 'container', 'throughTalk', 'extras'];
  const without = (settings) => Object.fromEntries(Object.entries(settings).filter(([name]) => !OWN.includes(name)));
  const Share = {
    sendDefault: (settings) => send('default', settings, { link_ver: '4.0', template_object: wire(without(settings)) }),
    sendCustom: (settings) => send('custom', settings, { link_ver: '4.0', template_id: settings.templateId, template_args: settings.templateArgs }),
    sendScrap: (settings) => send('scrap', settings, { link_ver: '4.0', request_url: settings.requestUrl, template_id: settings.templateId, template_args: settings.templateArgs }),
    uploadImage: ({ file }) => request({ url: '/v2/api/talk/message/image/upload', files: file }),
    scrapImage: ({ imageUrl }) => request({ url: '/v2/api/talk/message/image/scrap', data: { image_url: imageUrl } }),
    deleteImage: ({ imageUrl }) => request({ url: '/v2/api/talk/message/image/delete', method: 'DELETE', data: { image_url: imageUrl } }),
    cleanup: () => {},
  };
  window.Kakao = {
    VERSION, Share, Link: Share, Auth: { setAccessToken: (token) => { window.Kakao.token = token; } },
    API: { request: ({ url, data }) => request({ url, data, token: window.Kakao.token }) },
    init: (given) => { key = given; }, isInitialized: () => key !== null, cleanup: () => { key = null; },
  };
})();
