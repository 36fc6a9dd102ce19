// Tables for other programs. Pure.

/** Text that a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** Rows as CSV (RFC 4180); a cell that could be a formula is made text with an apostrophe, as OWASP advises. */
export function csv(rows) {
  return rows.map((row) => row.map(cell).join(',')).join('\r\n').concat('\r\n');
}

function cell(value) {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Foreign text inside a line of Markdown: no markup, no line of its own. */
export function plainMarkdown(text) {
  return String(text ?? '').replace(/[\r\n\t]+/g, ' ').replace(/[\\`*_{}[\]<>()#+!|~&-]/g, '\\$&');
}

/** Foreign text as code in a line of Markdown, even with backticks in it, and inside a table. */
export function codeMarkdown(text) {
  const line = String(text ?? '').replace(/[\r\n]+/g, ' ').replaceAll('|', String.raw`\|`);
  const fence = '`'.repeat(1 + Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)));
  return line ? `${fence}${/^`|`$/.test(line) ? ` ${line} ` : line}${fence}` : '';
}

/** A table of GitHub-flavoured Markdown; its cells are Markdown already. */
export function tableMarkdown(columns, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}
