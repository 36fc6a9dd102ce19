// Makes elements. Everything that came from a site enters the page here as a text node and in no other way.

/** `el('p', { class: 'note', onclick: f }, 'text', child, null)`; a null child or attribute is left out. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (nothing(value)) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => !nothing(child)));
  return element;
}

function nothing(value) {
  return value === null || value === undefined || value === false;
}

/** Text from a site: its direction is its own, and cannot turn the text around it. */
export function foreign(text, attributes = {}) {
  return el('bdi', { dir: 'auto', ...attributes }, text);
}

/** A link to a site, or null if the address is not http(s). The site does not learn where the reader came from. */
export function siteLink(url, label, attributes = {}) {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
  return el('a', { href: url, target: '_blank', rel: 'noopener noreferrer nofollow', ...attributes }, label);
}

/** A plain button. */
export function button(label, onclick, attributes = {}) {
  return el('button', { type: 'button', class: 'quiet', onclick, ...attributes }, label);
}

/** A row of buttons of which one is pressed: `options` are `[value, label]`, `choose(value)` is told. */
export function seg(label, options, chosen, choose) {
  const buttons = options.map(([value, name]) => el('button', {
    type: 'button', 'data-value': value, 'aria-pressed': String(value === chosen),
    onclick: () => { for (const one of buttons) one.setAttribute('aria-pressed', String(one.dataset.value === value)); choose(value); },
  }, name));
  return el('div', { class: 'seg', role: 'group', 'aria-label': label }, buttons);
}

/** A panel of the report: a heading, an aside beside it, and what it holds. */
export function panel(id, heading, aside, ...children) {
  return el('section', { class: 'panel', id, 'aria-labelledby': `${id}-h` },
    el('header', {}, el('h2', { id: `${id}-h` }, heading), aside ? el('span', { class: 'aside' }, aside) : null),
    ...children);
}

/**
 * A panel that stays closed until someone opens it, remembered as `kept[id]`. `fill(body)` is called then, and again only if it
 * returned false. Returns the panel, and `open()` that is done when it is filled.
 */
export function drawer(id, heading, aside, label, kept, fill) {
  const body = el('div', {});
  let filled = null;
  const open = async () => {
    details.open = true;
    filled ??= fill(body);
    if ((await filled) === false) filled = null;
  };
  const details = el('details', { open: kept[id], ontoggle: () => { kept[id] = details.open; if (details.open) open(); } }, el('summary', {}, label), body);
  return { element: panel(id, heading, aside, details), open };
}

/** A list of facts; rows whose value is null are left out. */
export function facts(rows) {
  return el('dl', { class: 'facts' }, rows.filter(([, value]) => !nothing(value) && value !== '')
    .map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

/** A table that may be stacked on a narrow screen: the roles are spelled out, because CSS that changes `display` takes them away. */
export function table(label, columns, rows, attributes = {}) {
  return el('table', { role: 'table', 'aria-label': label, ...attributes },
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, columns.map((column) => el('th', { role: 'columnheader', scope: 'col', class: column.class }, column.label)))),
    el('tbody', { role: 'rowgroup' }, rows.map((row) => el('tr', { role: 'row', ...row.attributes },
      row.cells.map((cell, index) => el('td', { role: 'cell', class: columns[index].class }, cell))))));
}

const SVG = 'http://www.w3.org/2000/svg';
const RING = 'M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19z';
const ICONS = {
  ok: [RING, 'm7.8 12.3 2.9 2.9 5.5-6'],
  warn: ['M12 3.2 22 20.5H2z', 'M12 10v4.5M12 17.3v.1'],
  bad: [RING, 'm8.7 8.7 6.6 6.6M15.3 8.7l-6.6 6.6'],
  calm: [RING, 'M12 6.8V12l3.3 2'],
  info: [RING, 'M12 11.2v5M12 7.6v.1'],
  image: ['M3.5 5h17v14h-17z', 'm4 17 5-5 3.5 3.5 3-3 4.5 4.5M15.8 9.2v.1'],
};

/** `svg('path', { d })`: an element of a drawing. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) if (!nothing(value)) element.setAttribute(name, String(value));
  element.append(...children.flat(Infinity).filter((child) => !nothing(child)));
  return element;
}

/** An icon by name; it repeats what the words beside it say, so it is hidden from screen readers. */
export function icon(name) {
  return svg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, ICONS[name].map((d) => svg('path', { d })));
}
