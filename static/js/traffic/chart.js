// Requests over time as small columns. A drawing says nothing that the words beside it do not: they name the sum and the peak.

import { svg } from '../dom.js';
import { t } from '../i18n.js';
import { moment, range } from './time.js';

const GAP = 0.18;
/** A column of one request among thousands is still seen. */
const LEAST = 2;

/** The columns of `counts` in a box, as a path; the highest possible is `most`. Pure. */
export function columns(counts, most, width, height) {
  const step = width / counts.length;
  return counts.map((count, index) => {
    if (!count) return '';
    const rise = Math.max(LEAST, (count / most) * height);
    const [left, right] = [index * step, (index + 1 - GAP) * step].map((x) => +x.toFixed(2));
    return `M${left} ${height}V${+(height - rise).toFixed(2)}H${right}V${height}z`;
  }).join('');
}

/** When the most came: `{ index, count }`; `null` if nothing did. Pure. */
export function peak(counts) {
  const count = Math.max(0, ...counts);
  return count ? { index: counts.indexOf(count), count } : null;
}

/** What a drawing shows, as a sentence. */
export function told(counts, timeline) {
  const top = peak(counts);
  const at = (index) => new Date(Date.parse(timeline.from) + index * timeline.step_seconds * 1000).toISOString();
  const words = { from: moment(at(0)), to: moment(at(timeline.steps)), total: counts.reduce((sum, count) => sum + count, 0) };
  return top ? t('chart.told', { ...words, peak: range(at(top.index), at(top.index + 1)), most: top.count }) : t('chart.nothing', words);
}

let drawn = 0;

/** `most` = what fills the height, the same for charts that are to be compared. */
export function chart(counts, timeline, label, { most = peak(counts)?.count ?? 1, width = 240, height = 32 } = {}) {
  const id = `chart-${drawn += 1}`;
  return svg('svg', { class: 'chart', viewBox: `0 0 ${width} ${height + 1}`, preserveAspectRatio: 'none', role: 'img', 'aria-labelledby': `${id}-t ${id}-d` },
    svg('title', { id: `${id}-t` }, label), svg('desc', { id: `${id}-d` }, told(counts, timeline)),
    svg('path', { class: 'ground', d: `M0 ${height + 0.5}H${width}` }),
    svg('path', { class: 'columns', d: columns(counts, most, width, height) }));
}

/** The sum of all ranges' columns, step by step. Pure. */
export function together(ranges, steps) {
  const sums = Array(steps).fill(0);
  for (const { timeline } of ranges) timeline.forEach((count, index) => { if (index < steps) sums[index] += count; });
  return sums;
}
