// A scrape while it runs: what its events have told so far, and the panels that show it.

import { hops } from './hops.js';
import { previewPlace } from './preview.js';

/** Nothing heard yet. */
export function begin() {
  return { since: Date.now(), asking: null, card: undefined, newest: null, ways: [] };
}

/** Takes in one event. True if there is something new to see. */
export function hear(live, event, data) {
  if (event === 'asking') {
    wayOf(live, data).pending = data.url;
    Object.assign(live, { asking: data, since: Date.now() });
  } else if (event === 'hop') {
    const way = wayOf(live, data);
    way.hops.push(data.hop);
    way.pending = data.hop.status < 400 ? data.hop.location : null;
    live.newest = data.hop;
  } else if (event === 'card') {
    live.card = data;
  } else {
    return false;
  }
  return true;
}

function wayOf(live, { of, who }) {
  const known = live.ways.find((way) => way.of === of && way.who === who);
  if (known) return known;
  live.ways.push({ of, who, hops: [], pending: null });
  return live.ways.at(-1);
}

export function livePanels(live) {
  return [previewPlace(live.card), hops(live.ways, { newest: live.newest })];
}
