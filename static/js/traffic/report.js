// The panels of a log report, in the order a reader needs them.

import { ranges } from './ranges.js';
import { files, pages, refused, slow, sources } from './tables.js';

/** `kept` = what the reader opened. */
export function panels(report, kept) {
  return [ranges(report, kept), refused(report, kept), pages(report, kept), slow(report, kept), sources(report, kept), files(report, kept)].filter(Boolean);
}
