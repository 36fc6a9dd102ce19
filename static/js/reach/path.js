// The way of a request from Kakao to the page, layer by layer, and where it ends.

import { el, foreign, icon, panel } from '../dom.js';
import { visible } from '../firewall/lines.js';
import { t, word } from '../i18n.js';

/** From the network inwards, each with the kinds of evidence that speak of it. */
export const LAYERS = [['dns', ['dns']], ['network', ['connect', 'acl']], ['tls', ['tls']], ['web-server', ['http']], ['application', ['image']]];
const ICONS = { passes: 'ok', stops: 'bad', partly: 'warn', unknown: 'info', beyond: 'info', end: 'info' };

/**
 * What becomes of a request at each layer: `passes`, `partly`, `stops`, `unknown`, or `beyond` where it does not come to. What was
 * seen at the far end (the logs, a verdict of reachable) says that every layer lets it through. Pure.
 */
export function stations({ verdict, blocked_by: blocked, evidence }) {
  const says = (kind) => evidence.find((one) => one.kind === kind)?.says;
  const end = LAYERS.findIndex(([name]) => name === blocked?.layer);
  return LAYERS.map(([name, kinds], index) => {
    if (index === end) return { name, state: verdict === 'partly' ? 'partly' : 'stops' };
    if (end >= 0 && index > end) return { name, state: verdict === 'partly' ? 'unknown' : 'beyond' };
    const heard = kinds.map(says);
    if (verdict === 'reachable') return { name, state: heard.includes('partly') || heard.includes('stops') ? 'partly' : 'passes' };
    if (heard.includes('stops')) return { name, state: 'partly' };
    if (heard.includes('partly')) return { name, state: 'partly' };
    return { name, state: heard.includes('passes') ? 'passes' : 'unknown' };
  });
}

export function path(report) {
  const all = stations(report);
  const arrives = report.verdict === 'reachable' ? 'passes' : report.verdict === 'blocked' ? 'beyond' : 'unknown';
  const blocked = report.blocked_by;
  return panel('path', t('path.heading'), null,
    el('ol', { class: 'path' },
      station({ name: 'kakao', state: 'start' }),
      all.map((one) => station(one, one.name === blocked?.layer ? blocked.name : null)),
      station({ name: 'page', state: arrives })));
}

function station({ name, state }, called = null) {
  return el('li', { class: 'station', 'data-layer': name, 'data-state': state },
    el('span', { class: 'node' }, state === 'start' ? null : icon(ICONS[state])),
    el('b', {}, t(`layer.${name}`), called ? el('span', { class: 'called' }, foreign(visible(called, 60))) : null),
    state === 'start' ? null : el('span', { class: 'state' }, word(name === 'page' ? 'arrives' : 'station', state)));
}
