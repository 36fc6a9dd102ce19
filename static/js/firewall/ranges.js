// The panel of ranges: one block for what fares alike, its bars, and beside it (below it on a phone) the piece that is chosen with
// the dump scrolled to the line that decides.

import { el, foreign, panel } from '../dom.js';
import { pick, t, word } from '../i18n.js';
import { bar } from './bar.js';
import { blocks, foremost } from './groups.js';
import { addresses } from './networks.js';
import { amount, mark, piece, refusal } from './piece.js';
import { viewer } from './viewer.js';

/** Where the chosen piece and the dump stand beside the bars; `.beside` in the style says the same. */
const WIDE = matchMedia('(min-width: 1001px)');
const MOST_NAMED = 3;

/** `files` are the dumps as they were sent; `kept.piece` outlives a change of language. Returns the panel and `jump(place)`. */
export function ranges(report, files, kept) {
  const all = blocks(report);
  const lines = viewer(files);
  const told = el('div', {});
  const chosen = el('section', {
    class: 'chosen-piece', 'aria-label': t('piece.heading'),
    onkeydown: (event) => { if (event.key === 'Escape') bars[kept.piece.block][kept.piece.lane].element.focus(); },
  }, told, lines.element);
  const bars = all.map(() => []);
  const homes = [];

  const show = (place) => {
    lines.show(place);
    lines.element.scrollIntoView({ block: 'nearest' });
  };
  const choose = (at, focus = false) => {
    const { block, lane, part } = at;
    const { rows, lanes } = all[block];
    const { ports, parts } = lanes[lane];
    kept.piece = at;
    const top = () => bars[block][lane].element.getBoundingClientRect().top;
    const before = top();
    bars.forEach((some, b) => some.forEach((one, l) => one.mark(b === block && l === lane ? part : null)));
    const one = parts[part];
    const row = rows.length > 1 ? rows[part] : rows[0];
    told.replaceChildren(piece({ part: one, ports, row, index: part, count: parts.length }, (step) => {
      choose({ block, lane, part: part + step });
      told.querySelector(`.steps button:${step < 0 ? 'first' : 'last'}-child:enabled`)?.focus();
    }, show));
    place();
    // On a phone the piece moves between the bars: the bar that was touched stays under the finger.
    if (element.isConnected && !WIDE.matches) scrollBy({ top: top() - before, behavior: 'instant' });
    const by = one.decided_by?.file ? one.decided_by : (one.doubts?.find(({ file }) => file) ?? { file: null });
    lines.show({ ...by, kind: one.decided_by?.file ? 'decides' : 'doubted' });
    if (focus) bars[block][lane].element.focus();
  };
  const place = () => {
    const home = WIDE.matches ? beside : homes[kept.piece?.block ?? 0];
    if (home && chosen.parentElement !== home) home.append(chosen);
  };
  const listed = [4, 6].map((family) => {
    const some = all.map((block, index) => [block, index]).filter(([block]) => block.family === family);
    return some.length ? [el('h3', { class: 'family' }, t(`ranges.v${family}`)), some.map(([block, index]) => drawn(block, index))] : null;
  });

  function drawn(block, index) {
    const home = el('div', { class: 'home' });
    homes[index] = home;
    const title = name(block);
    return el('article', { class: 'block', 'data-verdict': block.verdict },
      el('header', {}, el('h4', {}, title), mark(block.verdict), el('span', { class: 'quietly' }, total(block))),
      block.lanes.map(({ ports, parts }, lane) => {
        const label = t('ranges.bar', { range: plain(block), ports: ports.join(', ') });
        bars[index][lane] = bar(parts, label, described, (part) => choose({ block: index, lane, part }), () => told.querySelector('h3').focus());
        return el('div', { class: 'lane' }, el('span', { class: 'port', 'aria-hidden': 'true' }, ports.map((port) => el('span', {}, `:${port}`))), bars[index][lane].element);
      }),
      block.rows.length > 1 ? el('details', {}, el('summary', {}, t('ranges.list', { count: block.rows.length })),
        el('ul', { class: 'cidrs' }, block.rows.map((row) => el('li', {}, el('code', {}, row.cidr))))) : null,
      home);
  }

  const beside = el('div', { class: 'beside' });
  const { list } = report;
  const element = panel('ranges', t('ranges.heading'), legend(),
    el('div', { class: 'split' }, el('div', { class: 'blocks' }, listed), beside),
    el('p', { class: 'foot' }, el('b', {}, foreign(list.official ? list.name : t('ranges.unofficial'))), ' ', foreign(pick(list.note)),
      list.age_days > 30 ? [' ', t('ranges.age', { count: list.age_days })] : null));
  if (!kept.piece || !all[kept.piece.block]?.lanes[kept.piece.lane]?.parts[kept.piece.part]) kept.piece = foremost(all);
  if (kept.piece) choose(kept.piece);
  WIDE.onchange = place;
  return {
    element,
    jump: show,
    /** Goes to the piece that matters most. */
    go: () => { if (kept.piece) choose(kept.piece, true); },
  };
}

function plain({ rows }) {
  return rows.length > 1 ? t('ranges.alike', { count: rows.length }) : rows[0].cidr;
}

function name(block) {
  const { rows } = block;
  const { service, change } = rows[0];
  return [
    rows.length > 1 ? t('ranges.alike', { count: rows.length }) : el('span', { class: 'mono' }, rows[0].cidr),
    service && service !== 'scrap' ? el('span', { class: 'tag' }, foreign(service)) : null,
    change ? el('span', { class: 'tag' }, t(`change.${change.kind}`, { date: change.date ?? '?' })) : null,
  ];
}

/** How many addresses a block has, and which networks a small group names. */
function total({ family, rows }) {
  const named = rows.length > 1 && rows.length <= MOST_NAMED ? ` · ${rows.map(({ cidr }) => cidr).join(', ')}` : '';
  if (family === 6) return named.slice(3);
  return t('count.addresses', { count: rows.reduce((sum, { cidr }) => sum + addresses(cidr), 0) }) + named;
}

/** A piece in one sentence, for a screen reader. */
function described(part) {
  const by = part.decided_by;
  return [part.cidr, amount(part.cidr), word('standing', part.verdict), refusal(part.how), by?.file && by.line ? `${by.file} ${t('place.line', { line: by.line })}` : null].filter(Boolean).join(', ');
}

function legend() {
  return el('span', { class: 'keys' }, ['allowed', 'denied', 'undetermined'].map((verdict) => el('span', {}, el('i', { class: `layer ${verdict}` }), word('standing', verdict))));
}
