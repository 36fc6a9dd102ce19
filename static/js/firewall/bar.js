// One lane of a block as a bar, cut where verdicts change. For a keyboard it is a slider over its pieces; for the eye each verdict
// has its own pattern and its own word. A bar of thousands of pieces is as light as one of three: a verdict is one clipped layer.

import { el } from '../dom.js';
import { word } from '../i18n.js';
import { addresses, comb, layout, pieceAt } from './networks.js';

const VERDICTS = ['allowed', 'denied', 'undetermined'];
/** A piece must have this share of the bar to carry its word. */
const WORDY = 0.2;
/** More cuts than these are thin, and more than those would be a grey field. */
const MANY_CUTS = 24;
const MOST_CUTS = 150;

/** `describe(part)` is what a screen reader says of a piece; `choose(index)` is told which one was chosen, `enter()` that a key asks for more. */
export function bar(parts, label, describe, choose, enter) {
  const starts = layout(parts.map(({ cidr }) => addresses(cidr)));
  const chosen = el('i', { class: 'chosen', hidden: true });
  const element = el('div', {
    class: 'bar', role: 'slider', tabindex: '0', 'aria-label': label, 'aria-valuemin': 1, 'aria-valuemax': parts.length,
    onkeydown: (event) => {
      const more = ['Enter', ' '].includes(event.key);
      const to = more ? at : stepped(event.key, at, parts);
      if (to === null) return;
      event.preventDefault();
      choose(to);
      if (more) enter();
    },
    onclick: (event) => {
      const { left, width } = element.getBoundingClientRect();
      choose(pieceAt(starts, (event.clientX - left) / width));
    },
  }, layers(parts, starts), words(parts, starts), chosen);
  let at = 0;
  const say = (index) => {
    at = index;
    element.setAttribute('aria-valuenow', index + 1);
    element.setAttribute('aria-valuetext', describe(parts[index]));
  };
  say(Math.max(0, parts.findIndex(({ verdict }) => verdict !== 'allowed')));
  return {
    element,
    /** Marks a piece as the one that is shown; `null` marks none. */
    mark(index) {
      chosen.hidden = index === null;
      if (index === null) return;
      say(index);
      chosen.style.left = percent(starts[index]);
      chosen.style.width = percent(starts[index + 1] - starts[index]);
    },
  };
}

/** Where a key leads from piece `at`; `null` if nowhere. Page keys go to where the verdict changes. */
function stepped(key, at, parts) {
  const last = parts.length - 1;
  const other = (step) => {
    let to = at + step;
    while (to > 0 && to < last && parts[to].verdict === parts[at].verdict) to += step;
    return Math.min(last, Math.max(0, to));
  };
  switch (key) {
    case 'ArrowRight': case 'ArrowDown': return Math.min(last, at + 1);
    case 'ArrowLeft': case 'ArrowUp': return Math.max(0, at - 1);
    case 'PageDown': return other(1);
    case 'PageUp': return other(-1);
    case 'Home': return 0;
    case 'End': return last;
    default: return null;
  }
}

function layers(parts, starts) {
  const made = VERDICTS.map((verdict) => {
    const outline = comb(starts, (index) => parts[index].verdict === verdict);
    if (!outline) return null;
    const layer = el('i', { class: `layer ${verdict}` });
    layer.style.clipPath = outline;
    return layer;
  });
  if (parts.length > MOST_CUTS) return made;
  return [...made, ...starts.slice(1, -1).map((share) => {
    const cut = el('i', { class: parts.length > MANY_CUTS ? 'cut thin' : 'cut' });
    cut.style.left = percent(share);
    return cut;
  })];
}

/** The word of each stretch of one verdict that is wide enough for it. */
function words(parts, starts) {
  const made = [];
  for (let from = 0; from < parts.length;) {
    let to = from + 1;
    while (to < parts.length && parts[to].verdict === parts[from].verdict) to += 1;
    if (starts[to] - starts[from] >= WORDY) {
      const label = el('span', { class: parts[from].verdict, 'aria-hidden': 'true' }, word('standing', parts[from].verdict));
      label.style.left = percent((starts[from] + starts[to]) / 2);
      made.push(label);
    }
    from = to;
  }
  return made;
}

function percent(share) {
  return `${(share * 100).toFixed(4)}%`;
}
