// The message as the server draws it for everyone: this page embeds the same document as any other site would.

import { el, foreign, icon, panel, seg } from './dom.js';
import { language, t } from './i18n.js';
import { theme } from './theme.js';

/** What can be switched: the parameter, its values. */
const SWITCHES = [['kind', ['scrape', 'link']], ['theme', ['light', 'dark']], ['width', ['phone', 'pc']]];

/** `kept` = { kind, theme, width } holds what was chosen; without a theme it follows the page's. */
export function preview(report, kept) {
  const place = el('div', { class: 'frame' });
  const files = el('p', { class: 'files' });
  const draw = () => {
    const query = new URLSearchParams({ url: report.requested_url, kind: kept.kind, theme: kept.theme ?? theme(), width: kept.width, lang: language(), note: 'true' });
    place.dataset.theme = query.get('theme');
    place.replaceChildren(waiting(report.card ?? {}), frame(query));
    const name = ['scraplens', report.card?.host || new URL(report.requested_url).hostname, kept.kind, query.get('theme')].join('-').replace(/[^\w.-]+/g, '_');
    files.replaceChildren(...['png', 'svg'].map((type) =>
      el('a', { class: 'quiet', href: `/api/v1/preview.${type}?${query}`, download: `${name}.${type}`, 'aria-label': t('preview.save', { type: type.toUpperCase() }) }, type.toUpperCase())));
  };
  draw();
  return panel('preview', t('preview.heading'), files,
    el('div', { class: 'tools' }, SWITCHES.map(([name, values]) => seg(t(`preview.${name}`), values.map((value) => [value, t(`preview.${value}`)]),
      kept[name] ?? theme(), (value) => { kept[name] = value; draw(); }))),
    place,
    el('p', { class: 'foot' }, report.card ? t('preview.foot') : t('preview.no-card')));
}

/** The place of a message that is not there yet, with the words of the card as soon as they are known. */
export function previewPlace(card) {
  return panel('preview', t('preview.heading'), null, el('div', { class: 'frame' }, waiting(card)));
}

/** A bubble without a picture: for the first visit, and while the real one is on its way. */
export function waiting({ title = '', description = '', host = '' } = {}, attributes = { 'aria-hidden': 'true' }) {
  return el('div', { class: 'chat', ...attributes },
    el('div', { class: 'bubble' },
      el('div', { class: 'picture' }, icon('image')),
      el('p', { class: 'title', dir: 'auto' }, title),
      el('p', { class: 'description', dir: 'auto' }, description),
      el('p', { class: 'host' }, foreign(host))));
}

/** No scripts run in it; `allow-same-origin` lets its height be read, `allow-popups` lets its link open. */
function frame(query) {
  const iframe = el('iframe', { title: t('preview.frame'), sandbox: 'allow-same-origin allow-popups', src: `/api/v1/preview.html?${query}`, class: 'coming' });
  iframe.addEventListener('load', () => {
    const { contentDocument: drawn, previousElementSibling: before } = iframe;
    if (!drawn?.querySelector('.bubble')) {
      iframe.replaceWith(el('p', { class: 'empty', role: 'status' }, t('preview.failed')));
    } else {
      iframe.classList.remove('coming');
      fit(iframe);
    }
    before?.remove();
  });
  return iframe;
}

function fit(iframe) {
  const { width, height } = iframe.contentDocument.body.getBoundingClientRect();
  iframe.width = Math.ceil(width);
  iframe.height = Math.ceil(height);
}

addEventListener('resize', () => { for (const iframe of document.querySelectorAll('#preview iframe:not(.coming)')) fit(iframe); });
