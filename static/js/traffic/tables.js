// What the logs tell beside ranges: what was refused, which images Kakao could not get, who only used its name, what was slow, and
// how the files were read.

import { el, foreign, panel } from '../dom.js';
import { bytes, number } from '../format.js';
import { pick, t } from '../i18n.js';
import { longTable } from './long.js';
import { period, when } from './time.js';
import { origin, status, statuses, written } from './marks.js';

const column = (key, name) => ({ label: t(key), class: name });

/** What the tables do not hold, for the server keeps only so many rows. */
function cut(report, kind) {
  return report.cut.includes(kind) ? el('p', { class: 'foot' }, t('cut')) : null;
}

export function refused(report, kept) {
  if (!report.refused.length) return null;
  return panel('refused', t('refused.paths'), null, longTable('refused-rows', t('refused.paths'),
    [column('column.path', 'path'), column('column.status', 'status'), column('column.requests', 'amount'), column('column.meaning', 'meaning'), column('column.period', 'span')],
    report.refused, kept, (one) => ({
      cells: [written(one.path), status(one.status), number(one.requests), [foreign(pick(one.meaning)), ' ', el('span', { class: 'quietly' }, t('refused.from'), ' ', written(one.address))], period(one.span)],
    })), cut(report, 'paths'));
}

/** Pages whose images Kakao did not get come first. */
export function pages(report, kept) {
  if (!report.pages.length) return null;
  const lost = ({ images }) => images.filter(({ got }) => !got).length;
  const sorted = report.pages.map((one, index) => [one, index]).sort(([one, i], [other, j]) => Math.sign(lost(other)) - Math.sign(lost(one)) || i - j).map(([one]) => one);
  return panel('pages', t('pages.heading'), null, longTable('page-rows', t('pages.heading'),
    [column('column.page', 'path'), column('column.status', 'status'), column('column.requests', 'amount'), column('column.images', 'meaning'), column('column.last', 'span')],
    sorted, kept, (one) => ({
      cells: [written(one.path), status(one.status), number(one.requests), images(one.images), when(one.last)],
    })), cut(report, 'paths'));
}

function images(all) {
  if (!all.length) return el('span', { class: 'quietly' }, t('pages.no-images'));
  const lost = all.filter(({ got }) => !got);
  const got = all.length - lost.length;
  return [
    got ? el('span', {}, t('pages.got', { count: got })) : null,
    lost.length ? el('ul', { class: 'lost' }, lost.map((one) => el('li', {}, status(one.status), ' ', written(one.path), ' ', el('span', { class: 'quietly' }, t('pages.lost'))))) : null,
  ];
}

/** Who used the scraper's name from addresses that are not known as Kakao's. */
export function sources(report, kept) {
  if (!report.sources.length) return null;
  // Most of them borrow the very same name: it is told once.
  const agents = new Set(report.sources.map((one) => one.user_agent).filter(Boolean));
  return panel('sources', t('sources.heading'), null,
    el('p', { class: 'lead' }, t('sources.lead'), agents.size === 1 ? [' ', t('sources.agent'), ' ', written([...agents][0])] : null),
    longTable('source-rows', t('sources.heading'),
      [column('column.address', 'address'), column('column.origin', 'origin'), column('column.requests', 'amount'), column('column.statuses', 'status'), column('column.example', 'meaning'), column('column.period', 'span')],
      report.sources, kept, (one) => ({
        cells: [written(one.address), origin(one.origin), number(one.requests), statuses(one.statuses), [written(one.example), agents.size > 1 && one.user_agent ? el('span', { class: 'quietly agent' }, written(one.user_agent)) : null], period(one.span)],
      })), cut(report, 'sources'));
}

export function slow(report, kept) {
  if (!report.slow.length) return null;
  return panel('slow', t('slow.heading'), null, longTable('slow-rows', t('slow.heading'),
    [column('column.path', 'path'), column('column.seconds', 'amount'), column('column.status', 'status'), column('column.address', 'address'), column('column.time', 'span')],
    report.slow, kept, (one) => ({
      cells: [written(one.path), el('b', {}, t('slow.seconds', { seconds: number(one.seconds, 1) })), status(one.status), written(one.address), when(one.time)],
    })));
}

/** Each file as it was read, with the lines that could not be. */
export function files(report, kept) {
  return panel('files', t('files.heading', { count: report.files.length }), period(report.span), longTable('file-rows', t('files.heading', { count: report.files.length }),
    [column('column.file', 'path'), column('column.format', 'format'), column('column.bytes', 'amount'), column('column.kakao', 'amount'), column('column.unreadable', 'meaning')],
    report.files, kept, (one) => ({
      cells: [
        written(one.name), [foreign(one.title), one.packed ? ` (${one.packed})` : null, one.client_field === 'peer' ? null : el('span', { class: 'quietly' }, ` · ${t('files.client')} `, written(one.client_field))],
        bytes(one.bytes), number(one.requests), troubles(one),
      ],
    })));
}

/** What of a file could not be read, and what its lines do not tell. */
function troubles(file) {
  const told = [
    file.unreadable ? [el('span', { class: 'bad' }, t('files.unreadable', { count: file.unreadable })), file.unreadable_example ? el('pre', { class: 'proof' }, written(file.unreadable_example)) : null] : null,
    file.damaged ? el('p', { class: 'bad' }, t('files.damaged'), ' ', written(file.damaged)) : null,
    file.long_lines ? el('p', {}, t('files.long', { count: file.long_lines })) : null,
    file.names_agent === false ? el('p', {}, t('files.no-agent')) : null,
  ].filter(Boolean);
  return told.length ? told : el('span', { class: 'quietly' }, t('files.all-read'));
}
