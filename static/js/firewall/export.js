// A firewall report for others: CSV for spreadsheets, Markdown for tickets. Pure but for its words.

import { codeMarkdown, csv, plainMarkdown, tableMarkdown } from '../cells.js';
import { pick, t, word } from '../i18n.js';
import { refusal } from './piece.js';

/** More pieces than these are for the CSV. */
const MOST_PIECES = 200;

/** Every part of every range as CSV. Columns are named as in the API, whatever the language: programs read them. */
export function csvOf(report) {
  return csv([['range', 'service', 'port', 'change', 'change_date', 'part', 'verdict', 'how', 'packet', 'layer', 'file', 'line', 'text', 'doubts'],
    ...report.ranges.flatMap(({ cidr, service, port, change, parts }) => parts.map((part) => {
      const by = part.decided_by;
      return [cidr, service, port, change?.kind, change?.date, part.cidr, part.verdict, part.how, part.packet, by?.layer, by?.file, by?.line, by?.text, (part.doubts ?? []).map(({ code }) => code).join(' ')];
    }))]);
}

/** The report as Markdown. What comes from a dump is written as code, so that it cannot be markup. */
export function markdown(report) {
  const { list } = report;
  const place = (by) => (by?.file ? codeMarkdown(by.line ? `${by.file}:${by.line}` : by.file) : plainMarkdown(by?.layer ?? ''));
  const shut = report.ranges.flatMap(({ port, parts }) => parts.filter(({ verdict }) => verdict !== 'allowed').map((part) => ({ port, ...part })));
  const section = (heading, body) => (body ? [`## ${plainMarkdown(heading)}`, body] : []);
  const bullets = (some) => some.map((one) => `- ${one}`).join('\n');
  const parts = [
    `# ${plainMarkdown(pick(report.headline))}`,
    bullets([`${t('list.heading')}: ${plainMarkdown(list.name)}${list.updated ? ` (${plainMarkdown(list.updated)})` : ''}. ${plainMarkdown(pick(list.note))}`,
      ...report.layers.map(({ name, title, files }) => `${plainMarkdown(title)} ${codeMarkdown(name)}: ${files.map(codeMarkdown).join(', ')}`)]),
    ...section(t('ranges.heading'), tableMarkdown([t('piece.within'), t('piece.ports'), t('export.verdict')].map(plainMarkdown),
      report.ranges.map(({ cidr, port, verdict }) => [codeMarkdown(cidr), String(port), plainMarkdown(word('standing', verdict))]))),
    ...section(t('export.shut'), shut.length ? tableMarkdown([t('export.part'), t('piece.ports'), t('export.verdict'), t('piece.how'), t('piece.by'), t('export.text')].map(plainMarkdown),
      shut.slice(0, MOST_PIECES).map((part) => {
        const by = part.decided_by ?? part.doubts?.[0];
        return [codeMarkdown(part.cidr), String(part.port), plainMarkdown(word('standing', part.verdict)), plainMarkdown(refusal(part.how) ?? ''), place(by), codeMarkdown((by?.text ?? '').trim())];
      })) + (shut.length > MOST_PIECES ? `\n\n${plainMarkdown(t('export.more', { count: shut.length - MOST_PIECES }))}` : '') : ''),
    ...section(t('changes.heading'), bullets((report.changes ?? []).map(({ date, message }) => `${date ? `**${plainMarkdown(date)}** ` : ''}${plainMarkdown(pick(message))}`))),
    ...section(t('assumptions.heading'), bullets((report.assumptions ?? []).map(({ message, file, line }) => `${plainMarkdown(pick(message))}${file ? ` (${place({ file, line })})` : ''}`))),
  ];
  return `${parts.join('\n\n')}\n`;
}
