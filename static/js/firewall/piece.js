// The piece that is chosen: what becomes of it, how, and which line of which file decides.

import { el, facts, foreign } from '../dom.js';
import { known, pick, t, word } from '../i18n.js';
import { addresses, isV6 } from './networks.js';
import { visible } from './lines.js';

const MARKS = { allowed: 'used', denied: 'error', partial: 'warning', undetermined: 'warning' };

/** A verdict as a small mark. */
export function mark(verdict) {
  return el('span', { class: `mark ${MARKS[verdict] ?? ''}` }, word('standing', verdict));
}

/** "1,024 addresses"; of IPv6 nobody counts them. */
export function amount(cidr) {
  return isV6(cidr) ? null : t('count.addresses', { count: addresses(cidr) });
}

/** How something is refused, in words. */
export function refusal(how) {
  if (!how) return null;
  return /^\d{3}$/.test(how) ? t('how.status', { status: how }) : word('how', how);
}

/** A place in a file, as a link that shows it; only its name where no line is known. */
export function place({ file, line }, show, kind) {
  if (!file) return null;
  const label = [foreign(visible(file)), line ? ` ${t('place.line', { line })}` : ''];
  return line ? el('button', { type: 'button', class: 'there', onclick: () => show({ file, line, kind }) }, label) : el('span', {}, label);
}

/** `{ part, ports, service, change }`; `step(±1)` goes to the next piece, `show(place)` shows a line. */
export function piece({ part, ports, row, index, count }, step, show) {
  const by = part.decided_by;
  return el('div', { class: 'piece', 'data-verdict': part.verdict },
    el('div', { class: 'piece-head' },
      el('h3', { tabindex: '-1', id: 'piece-h' }, mark(part.verdict), ' ', el('span', { class: 'mono' }, part.cidr)),
      el('div', { class: 'steps' },
        el('button', { type: 'button', class: 'quiet', 'aria-label': t('piece.previous'), title: t('piece.previous'), disabled: index === 0, onclick: () => step(-1) }, '←'),
        el('span', { class: 'quietly' }, `${index + 1} / ${count}`),
        el('button', { type: 'button', class: 'quiet', 'aria-label': t('piece.next'), title: t('piece.next'), disabled: index === count - 1, onclick: () => step(1) }, '→'))),
    facts([
      [t('piece.addresses'), amount(part.cidr)],
      [t('piece.ports'), ports.join(', ')],
      [t('piece.within'), row.cidr === part.cidr ? null : el('span', { class: 'mono' }, row.cidr)],
      [t('piece.how'), refusal(part.how)],
      [t('piece.packet'), known(`packet.${part.packet}`) ? word('packet', part.packet) : part.packet],
      [t('piece.by'), by && dotted(place(by, show), by.layer === by.file ? null : foreign(visible(by.layer)), by.chain ? el('code', {}, foreign(visible(by.chain))) : null)],
      [t('piece.why'), by && foreign(pick(by.reason) || by.why)],
    ]),
    by?.text ? el('pre', { class: 'proof deciding' }, foreign(visible(by.text.trim()), { dir: 'ltr' })) : null,
    part.doubts?.length ? [
      el('h4', {}, t('piece.doubts')),
      el('ul', { class: 'doubts' }, part.doubts.map((doubt) => el('li', {},
        el('p', {}, foreign(pick(doubt.message))),
        doubt.text ? el('pre', { class: 'proof' }, foreign(visible(doubt.text.trim()), { dir: 'ltr' })) : null,
        el('p', { class: 'meta' }, place(doubt, show, 'doubted'), el('code', {}, doubt.code))))),
    ] : null);
}

function dotted(...some) {
  return some.filter(Boolean).flatMap((one, index) => (index ? [' · ', one] : [one]));
}
