// The message bubble, approximately: the image is only a place, because this page loads nothing from other sites.

import { el, foreign, icon, panel } from './dom.js';
import { t } from './i18n.js';

export function preview(report) {
  const { card } = report;
  return panel('preview', t('preview.heading'), card ? t('preview.kind') : null,
    el('div', { class: 'chat' }, card ? bubble(card) : addressOnly(report)),
    el('p', { class: 'foot' }, card ? t('preview.foot') : t('preview.no-card')));
}

/** `{ title, description, host, images }` as a bubble. */
export function bubble({ title, description, host, images }) {
  const [image] = images ?? [];
  return el('div', { class: 'bubble' },
    el('div', { class: image ? 'picture' : 'picture bare' }, icon('image'),
      image ? [el('b', {}, image.source), foreign(fileName(image.url))] : t('preview.no-image')),
    title ? el('p', { class: 'title', dir: 'auto' }, title) : null,
    description ? el('p', { class: 'description', dir: 'auto' }, description) : null,
    el('p', { class: 'button' }, t('preview.button')),
    el('p', { class: 'host' }, el('span', { class: 'app' }), foreign(host ?? '')));
}

/** What a chat shows when there is no card. */
function addressOnly(report) {
  return el('p', { class: 'plain' }, foreign(report.requested_url));
}

function fileName(url) {
  if (!URL.canParse(url)) return url;
  const { host, pathname } = new URL(url);
  const name = pathname.split('/').pop();
  return name ? `${host} · ${name}` : host;
}
