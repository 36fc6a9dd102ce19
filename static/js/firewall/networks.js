// Sizes of networks and the places of their pieces on a bar. Pure.

/** Bits of an address of this network's family. */
function bits(cidr) {
  return cidr.includes(':') ? 128 : 32;
}

export function isV6(cidr) {
  return cidr.includes(':');
}

/** How many addresses a network has; for IPv6 as near as a number gets. */
export function addresses(cidr) {
  const length = Number(cidr.split('/')[1] ?? bits(cidr));
  return 2 ** (bits(cidr) - length);
}

// A piece of a few addresses in a large range would vanish; it keeps this share of the bar, as long as there is room.
const LEAST = 0.012;
const ROOM = 0.5;

/** Where each of the pieces of these sizes begins on a bar from 0 to 1; one number more than pieces: the last is the end. */
export function layout(sizes) {
  const whole = sizes.reduce((sum, size) => sum + size, 0) || 1;
  const least = Math.min(LEAST, ROOM / sizes.length);
  const shares = sizes.map((size) => Math.max(size / whole, least));
  const all = shares.reduce((sum, share) => sum + share, 0);
  const starts = [0];
  for (const share of shares) starts.push(starts.at(-1) + share / all);
  starts[starts.length - 1] = 1;
  return starts;
}

/** Which piece stands at `place` (0 to 1) of a bar. */
export function pieceAt(starts, place) {
  let [low, high] = [0, starts.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The outline of the pieces that `chosen` picks, as a CSS polygon in percent: a comb whose teeth are the pieces. */
export function comb(starts, chosen) {
  const points = ['0% 100%'];
  for (let index = 0; index + 1 < starts.length; index += 1) {
    if (!chosen(index)) continue;
    let end = index;
    while (end + 2 < starts.length && chosen(end + 1)) end += 1;
    const [from, to] = [starts[index], starts[end + 1]].map((share) => `${+(share * 100).toFixed(4)}%`);
    points.push(`${from} 100%`, `${from} 0%`, `${to} 0%`, `${to} 100%`);
    index = end;
  }
  return points.length > 1 ? `polygon(${points.join(', ')})` : null;
}
