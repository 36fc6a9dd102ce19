// Pictures made here, so that no binary file has to be trusted: a soft landscape, and noise that no encoder can make small.

import { deflateSync, crc32 } from 'node:zlib';

/** A PNG (W3C PNG, third edition) of 8-bit RGB; `colour(x, y)` gives `[r, g, b]`. */
function png(width, height, colour, level) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0, at = 0; y < height; y += 1) {
    rows[at++] = 0; // no filter
    for (let x = 0; x < width; x += 1) for (const part of colour(x, y)) rows[at++] = part;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level })), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const mix = (from, to, share) => from.map((part, index) => Math.round(part + (to[index] - part) * share));

function landscape(x, y) {
  const hills = 420 + 70 * Math.sin(x / 140) + 30 * Math.sin(x / 47);
  const far = 360 + 50 * Math.sin(x / 90 + 2);
  if (Math.hypot(x - 880, y - 190) < 85) return [255, 236, 190];
  if (y > hills) return mix([92, 62, 70], [52, 36, 52], (y - hills) / 300);
  return y > far ? mix([168, 106, 98], [120, 78, 88], (y - far) / 160) : mix([250, 206, 158], [214, 140, 116], y / 400);
}

/** 1200 x 800, so that the 2:1 cut leaves something out. */
export const PHOTO = png(1200, 800, landscape, 9);

let state = 42;
const random = () => { state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; return state >>> 24; };

/** Over the 5 MB that Kakao's FAQ names. */
export const NOISE = png(1500, 1200, () => [random(), random(), random()], 1);
