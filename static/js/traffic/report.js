// The panels of a log report, in the order a reader needs them.

import { findings } from './findings.js';
import { origins } from './origins.js';
import { ranges } from './ranges.js';
import { files, pages, refused, slow, sources } from './tables.js';

/** `kept` = what the reader opened; `id` keeps its findings apart from others on the page. */
export function panels(report, kept, id) {
  return [origins(report), ranges(report, kept), findings(report.findings, id), refused(report, kept), pages(report, kept), slow(report, kept), sources(report, kept), files(report, kept)].filter(Boolean);
}
