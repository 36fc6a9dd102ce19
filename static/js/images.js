// The images the card may use, first = the one shown: measured, and with what a message cuts out of each.

import { button, el, facts, foreign, icon, panel, seg, siteLink } from './dom.js';
import { bytes, moment, number, placeLink, size } from './format.js';
import { t } from './i18n.js';

/** `kept.ratio` is the shape now shown; `jump(place)` shows a tag in the source, `reset(url)` drops what is kept of an image. */
export function images(report, kept, { jump, reset }) {
  const all = report.card.images ?? [];
  if (all.length === 0) return panel('images', t('images.heading'), null, el('div', { class: 'empty' }, el('b', {}, t('images.none')), el('p', {}, t('images.none.body'))));
  const shots = [];
  const items = all.map((named, index) => item(named, report.images?.[index], index, { shots, jump, reset }));
  const cut = (ratio) => { kept.ratio = ratio; for (const draw of shots) draw(ratio); };
  cut(kept.ratio);
  const ratios = shots.length ? [...new Set(report.images.flatMap(({ crops }) => (crops ?? []).map(({ ratio }) => ratio)))] : [];
  return panel('images', t('images.heading'), ratios.length ? seg(t('images.crop'), ratios.map((ratio) => [ratio, ratio]), kept.ratio, cut) : null,
    el('ol', { class: 'images' }, items),
    el('p', { class: 'foot' }, t('images.foot'), ratios.length ? ` ${t('images.faces')}` : ''));
}

function item(named, image, index, { shots, jump, reset }) {
  const position = index + 1;
  return el('li', {},
    shot(image, position, shots),
    el('div', {},
      el('p', { class: 'meta' },
        el('span', { class: index === 0 ? 'mark used' : 'mark' }, index === 0 ? t('images.used') : t('images.spare', { position })),
        el('code', {}, foreign(named.source)), placeLink(named, jump),
        image && image.outcome !== 'ok' ? el('code', { class: 'mark error' }, image.outcome) : null),
      el('p', { class: 'mono' }, foreign(named.url)),
      image ? facts(measured(image)) : el('p', { class: 'quietly' }, t('images.unfetched')),
      el('p', { class: 'actions' },
        siteLink(named.url, t('images.open'), { class: 'quiet', 'aria-label': t('images.open.label', { position }) }),
        image ? button(t('images.reset'), () => reset(named.url), { class: 'quiet reset', 'aria-label': t('images.reset.label', { position }) }) : null)));
}

function measured(image) {
  const { width, height, declared, format, content_type: claimed, orientation } = image;
  const notes = [image.animated && t('images.animated'), orientation > 1 && t('images.turned', { orientation })].filter(Boolean);
  return [
    [t('images.evidence'), image.outcome !== 'ok' && image.evidence ? foreign(image.evidence) : null],
    [t('images.size'), width && height ? [`${size(width, height)} (${number(width / height, 2)}:1)`, ...notes.map((note) => ` · ${note}`)] : null],
    [t('images.declared'), declared && size(declared.width, declared.height)],
    [t('images.bytes'), typeof image.bytes === 'number' ? bytes(image.bytes) : null],
    [t('images.format'), format?.toUpperCase()],
    [t('images.claimed'), claimed && foreign(claimed)],
    [t('page.status'), image.status && [String(image.status), image.hops?.length > 1 ? ` · ${t('images.redirected', { count: image.hops.length - 1 })}` : '']],
    [t('cache.fetched'), moment(image.fetched_at)],
    [t('cache.until'), moment(image.fresh_until)],
  ];
}

/** The whole picture from our own server, and over it the part that a message shows. */
function shot(image, position, shots) {
  const nothing = () => el('div', { class: 'shot nothing' }, icon('image'), t('images.nothing'));
  if (!image?.href?.startsWith('/api/')) return nothing();
  const cut = el('i', {});
  const frame = el('div', { class: 'shot' },
    el('img', { src: `${image.href}&w=640`, width: image.width, height: image.height, alt: t('images.alt', { position }), onerror: () => frame.replaceWith(nothing()) }), cut);
  shots.push((ratio) => {
    const crop = image.crops?.find((one) => one.ratio === ratio);
    cut.hidden = !crop;
    if (!crop) return;
    const share = (length, whole) => `${(length / whole) * 100}%`;
    Object.assign(cut.style, {
      left: share(crop.x, image.width), top: share(crop.y, image.height), width: share(crop.width, image.width), height: share(crop.height, image.height),
    });
  });
  return frame;
}
