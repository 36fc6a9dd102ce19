// A log report for others: CSV for spreadsheets, Markdown for tickets. Pure but for its words.

import { codeMarkdown, csv, plainMarkdown, tableMarkdown } from '../cells.js';
import { number } from '../format.js';
import { pick, t, word } from '../i18n.js';
import { range } from '../traffic/time.js';

const STATUSES = ['ok', 'redirected', 'refused', 'failed', 'unknown'];

/** One table of the report as CSV. Columns are named as in the API, whatever the language: programs read them. */
export function csvOf(report, kind) {
  const statuses = (some) => STATUSES.map((name) => some[name]);
  const ends = (span) => [span?.first, span?.last];
  switch (kind) {
    case 'sources':
      return csv([['address', 'origin', 'requests', 'first', 'last', ...STATUSES, 'example', 'user_agent'],
        ...report.sources.map((one) => [one.address, one.origin, one.requests, ...ends(one.span), ...statuses(one.statuses), one.example, one.user_agent])]);
    case 'refused':
      return csv([['path', 'status', 'requests', 'first', 'last', 'address'], ...report.refused.map((one) => [one.path, one.status, one.requests, ...ends(one.span), one.address])]);
    case 'pages':
      return csv([['page', 'requests', 'status', 'last', 'image', 'image_requests', 'image_status', 'got'], ...report.pages.flatMap(({ path, requests, status, last, images }) =>
        (images.length ? images : [{}]).map((image) => [path, requests, status, last, image.path, image.requests, image.status, image.got]))]);
    default:
      return csv([['cidr', 'origin', 'service', 'holder', 'requests', 'addresses', 'pages', 'images', ...STATUSES, 'slow', 'first', 'last'],
        ...report.ranges.map((one) => [one.cidr, one.origin, one.service, one.holder, one.requests, one.addresses, one.pages, one.images, ...statuses(one.statuses), one.slow, ...ends(one.span)])]);
  }
}

/** The report as Markdown. What comes from a log is written as code, so that it cannot be markup. */
export function markdown(report) {
  const ends = (span) => (span ? plainMarkdown(range(span.first, span.last)) : '');
  const classes = (some) => STATUSES.filter((name) => some[name]).map((name) => `${{ ok: '2xx', redirected: '3xx', refused: '4xx', failed: '5xx' }[name] ?? t('status.unknown')} ${number(some[name])}`).join(', ');
  const section = (heading, columns, rows) => (rows.length ? [`## ${plainMarkdown(heading)}`, tableMarkdown(columns.map((key) => plainMarkdown(t(key))), rows)] : []);
  const seen = report.ranges.filter(({ requests }) => requests > 0);
  const parts = [
    `# ${plainMarkdown(pick(report.headline))}`,
    [t('origins.total', { count: report.requests }), report.span ? range(report.span.first, report.span.last) : null, report.list.name].filter(Boolean).map(plainMarkdown).join(' · '),
    ...section(t('origins.heading'), ['column.origin', 'column.requests', 'export.meaning'], report.origins.map(({ origin, requests, meaning }) => [plainMarkdown(word('origin', origin)), number(requests), plainMarkdown(pick(meaning))])),
    ...(report.findings.length ? [`## ${t('findings.heading', { count: report.findings.length })}`,
      report.findings.map(({ severity, message, advice, code }) => `- **${word('severity', severity)}** ${plainMarkdown(pick(message))} (${codeMarkdown(code)})\n  ${plainMarkdown(pick(advice))}`).join('\n')] : []),
    ...section(t('traffic.heading'), ['traffic.range', 'column.origin', 'column.requests', 'column.statuses', 'column.period'],
      seen.map((one) => [codeMarkdown(one.cidr), plainMarkdown(word('origin', one.origin)), number(one.requests), classes(one.statuses), ends(one.span)])),
    ...section(t('refused.paths'), ['column.path', 'column.status', 'column.requests', 'column.meaning', 'column.period'],
      report.refused.map((one) => [codeMarkdown(one.path), String(one.status), number(one.requests), plainMarkdown(pick(one.meaning)), ends(one.span)])),
    ...section(t('pages.heading'), ['column.page', 'column.status', 'export.image', 'column.status'], report.pages.flatMap(({ path, status, images }) =>
      images.filter(({ got }) => !got).map((image) => [codeMarkdown(path), String(status ?? ''), codeMarkdown(image.path), String(image.status ?? '')]))),
    ...section(t('sources.heading'), ['column.address', 'column.origin', 'column.requests', 'column.example'],
      report.sources.map((one) => [codeMarkdown(one.address), plainMarkdown(word('origin', one.origin)), number(one.requests), codeMarkdown(one.example)])),
    ...section(t('files.heading', { count: report.files.length }), ['column.file', 'column.format', 'column.kakao'], report.files.map((one) => [codeMarkdown(one.name), plainMarkdown(one.title), number(one.requests)])),
  ];
  return `${parts.join('\n\n')}\n`;
}
