// Every tag that was looked at, in document order, with a filter.

import { el, foreign, panel, table } from './dom.js';
import { placeLink } from './format.js';
import { t, word } from './i18n.js';

const REGIONS = ['head', 'displaced', 'body'];

/** `kept` = { text, region } holds what was typed, so that a change of language does not lose it. */
export function tags(report, kept, jump) {
  const all = report.tags ?? [];
  if (all.length === 0) return panel('tags', t('tags.heading'), null, el('p', { class: 'empty' }, t('tags.none')));

  const count = el('span', { role: 'status' });
  const holder = el('div', {});
  const draw = () => {
    const shown = all.filter((tag) => matches(tag, kept));
    count.textContent = t('tags.count', { shown: shown.length, all: all.length });
    holder.replaceChildren(shown.length ? tagTable(shown, jump) : el('p', { class: 'empty' }, t('tags.no-match')));
  };
  const text = el('input', {
    type: 'search', value: kept.text, 'aria-label': t('tags.filter'), placeholder: t('tags.filter.placeholder'), autocomplete: 'off', spellcheck: 'false',
    oninput: (event) => { kept.text = event.target.value; draw(); },
  });
  const region = el('select', { 'aria-label': t('tags.region'), onchange: (event) => { kept.region = event.target.value; draw(); } },
    ['all', ...REGIONS].map((name) => el('option', { value: name, selected: name === kept.region }, t(`tags.region.${name}`))));
  draw();
  return panel('tags', t('tags.heading'), count, el('div', { class: 'filter' }, text, region), holder);
}

function matches(tag, { text, region }) {
  if (region !== 'all' && tag.region !== region) return false;
  return `${tag.key}\n${tag.content ?? ''}`.toLowerCase().includes(text.trim().toLowerCase());
}

function tagTable(shown, jump) {
  return table(t('tags.heading'), [
    { label: t('tags.key'), class: 'key' },
    { label: t('tags.content'), class: 'content' },
    { label: t('tags.place'), class: 'at' },
    { label: t('tags.where'), class: 'region' },
  ], shown.map((tag) => ({
    cells: [
      el('code', {}, foreign(tag.key ?? '')),
      tag.content ? foreign(tag.content) : el('span', { class: 'quietly' }, t('tags.empty')),
      placeLink(tag, jump, true),
      el('span', { class: tag.region === 'head' ? 'mark' : 'mark warning' }, word('tags.region', tag.region)),
    ],
  })), { class: 'stacks tags' });
}
