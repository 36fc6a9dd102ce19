// What a report says, arranged for the eye: ranges that fare alike in every way are one block, ports that fare alike are one
// lane, and what needs a hand comes first. Pure.

import { addresses, isV6 } from './networks.js';

const ORDER = ['denied', 'partial', 'undetermined', 'allowed'];
const rank = (verdict) => (ORDER.indexOf(verdict) + ORDER.length) % ORDER.length;

/** What must be equal for two pieces to fare alike: verdict, how, when, by which line, and what is not known. */
export function fate({ verdict, how, packet, decided_by: by, doubts = [] }) {
  return JSON.stringify([verdict, how, packet, by?.layer, by?.file, by?.line, by?.chain, doubts.map(({ code, layer, file, line }) => [code, layer, file, line])]);
}

/**
 * Blocks: `{ family, verdict, rows, lanes: [{ ports, parts }] }`. A row is a range of the list: `{ cidr, service, change }`. Where a
 * block has several rows, each part is the whole of one.
 */
export function blocks(report) {
  const rows = new Map();
  for (const { cidr, service, change, port, verdict, parts } of report.ranges) {
    const key = JSON.stringify([cidr, service, change?.kind, change?.date]);
    if (!rows.has(key)) rows.set(key, { cidr, service, change, lanes: [], verdicts: [] });
    const row = rows.get(key);
    const alike = JSON.stringify(parts.map((part) => [part.cidr, fate(part)]));
    const lane = row.lanes.find((other) => other.alike === alike);
    if (lane) lane.ports.push(port);
    else row.lanes.push({ ports: [port], parts, alike });
    row.verdicts.push(verdict);
  }
  const found = new Map();
  for (const row of rows.values()) {
    const family = isV6(row.cidr) ? 6 : 4;
    const whole = row.lanes.every(({ parts }) => parts.length === 1);
    const key = whole ? JSON.stringify([family, row.service, row.change, row.lanes.map(({ ports, parts }) => [ports, fate(parts[0])])]) : row;
    if (!found.has(key)) found.set(key, { family, verdict: together(row.verdicts), rows: [], lanes: row.lanes.map(({ ports }) => ({ ports, parts: [] })) });
    const block = found.get(key);
    block.rows.push(row);
    row.lanes.forEach(({ parts }, index) => block.lanes[index].parts.push(...parts));
  }
  return [...found.values()].sort((one, other) => one.family - other.family || rank(one.verdict) - rank(other.verdict));
}

/** The verdict of a whole: what is not known weighs most where nothing is refused. */
function together(verdicts) {
  const all = new Set(verdicts);
  if (all.size === 1) return verdicts[0];
  return all.has('denied') || all.has('partial') ? 'partial' : 'undetermined';
}

/** The piece that matters most, `{ block, lane, part }` as positions: of the most refused addresses, else of the least known. */
export function foremost(all) {
  const best = { at: null, weight: [] };
  all.forEach((block, b) => block.lanes.forEach((lane, l) => lane.parts.forEach((part, p) => {
    const weight = [-['denied', 'undetermined', 'allowed'].indexOf(part.verdict), block.family === 4 ? 1 : 0, addresses(part.cidr)];
    const first = weight.findIndex((value, index) => value !== best.weight[index]);
    if (!best.at || (first >= 0 && weight[first] > best.weight[first])) Object.assign(best, { at: { block: b, lane: l, part: p }, weight });
  })));
  return best.at;
}

/** What refuses (or leaves open) most, of all pieces with `verdict`: `{ by, count, family }`, addresses counted once. */
export function culprit(report, verdict) {
  const found = new Map();
  for (const { cidr, port, parts } of report.ranges) {
    for (const part of parts) {
      if (part.verdict !== verdict) continue;
      const by = part.decided_by ?? part.doubts?.[0] ?? null;
      const key = JSON.stringify([isV6(cidr), by?.layer, by?.file, by?.line, by?.chain]);
      if (!found.has(key)) found.set(key, { part, by, family: isV6(cidr) ? 6 : 4, ports: new Map() });
      const ports = found.get(key).ports;
      if (!ports.has(port)) ports.set(port, new Map());
      ports.get(port).set(part.cidr, addresses(part.cidr));
    }
  }
  const sums = [...found.values()].map(({ ports, ...rest }) => ({
    ...rest, ports: [...ports.keys()],
    count: Math.max(...[...ports.values()].map((sizes) => [...sizes.values()].reduce((sum, size) => sum + size, 0))),
  }));
  return sums.sort((one, other) => one.family - other.family || other.count - one.count)[0] ?? null;
}

/** The layers that refuse something, each with its files, in path order. */
export function refusing(report) {
  const names = new Set(report.ranges.flatMap(({ parts }) => parts.filter(({ verdict }) => verdict === 'denied').map((part) => part.decided_by?.layer)));
  return report.layers.filter(({ name }) => names.has(name));
}
