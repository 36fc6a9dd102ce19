// Custom templates and scraped pages: the choice of a template, its arguments, what a scrape found. Loaded by who uses them.

import { el, foreign } from '../dom.js';
import { known, pick, t } from '../i18n.js';
import { typeWord } from './samples.js';

/** The custom templates as a choice, with what the chosen one is. */
export function templateChoice(templates, chosen, choose) {
  if (!templates.length) return el('p', { class: 'empty' }, t('templates.none'));
  const options = templates.map(({ id, name }) => el('option', { value: id, selected: id === chosen?.id }, `${id} · ${name}`));
  return el('div', { class: 'choose' },
    el('label', {}, el('span', { class: 'unseen' }, t('templates.choose')),
      el('select', { class: 'field', id: 'template', onchange: (event) => choose(templates.find(({ id }) => id === Number(event.target.value))) },
        chosen ? null : el('option', { value: '', selected: true, disabled: true }, t('templates.choose')), options)),
    chosen ? el('p', { class: 'quietly' }, [typeWord(chosen.object_type), purpose(chosen.purpose), chosen.file && foreign(chosen.file, { class: 'mono' })].filter(Boolean).flatMap((one, index) => (index ? [' · ', one] : [one]))) : null);
}

function purpose(name) {
  const key = `purpose.${String(name).toLowerCase()}`;
  return known(key) ? t(key) : name;
}

/** What a scrape found, in short; the scrape page has the whole. */
export function scraped(report) {
  const findings = report.findings ?? [];
  const worst = findings.filter(({ severity }) => severity !== 'info').slice(0, 3);
  return el('div', { class: 'scraped' },
    el('p', {}, el('b', {}, foreign(report.card?.title || t('page.no-title'))), ' ', report.card?.host ? el('span', { class: 'quietly' }, foreign(report.card.host)) : null),
    worst.length ? el('ul', {}, worst.map(({ severity, message }) => el('li', {}, el('span', { class: `severity ${severity}` }, t(`severity.${severity}`)), ' ', foreign(pick(message))))) : el('p', { class: 'quietly' }, t('page.fine')),
    el('p', {}, el('a', { href: `/?${new URLSearchParams({ url: report.requested_url })}` }, t('page.whole', { count: findings.length }))));
}

/** The fields of a custom template's arguments. `redraw(answer)` tells which are missing; the fields themselves stay while one types. */
export function argumentFields(root, values, changed) {
  let shown = null;
  const note = (name) => root.querySelector(`[data-note="${CSS.escape(name)}"]`);
  return (answer, fill) => {
    const { arguments: names = [], scrap_arguments: scrap = [] } = answer?.check ?? {};
    root.hidden = !names.length && !scrap.length;
    const now = JSON.stringify([names, scrap, document.documentElement.lang]);
    if (now !== shown) {
      shown = now;
      root.replaceChildren(
        el('header', {}, el('h2', { id: 'arguments-h' }, t('arguments.heading')), el('span', { class: 'aside' }, 'templateArgs')),
        el('div', { class: 'fields' }, names.map((name, index) => el('div', { class: 'row' },
          el('label', { for: `argument-${index}` }, el('code', {}, foreign(`\${${name}}`, { dir: 'ltr' }))),
          el('input', { class: 'field', id: `argument-${index}`, value: values[name] ?? '', spellcheck: 'false', autocomplete: 'off', 'aria-describedby': `argument-note-${index}`, 'data-argument': name,
            oninput: (event) => { values[name] = event.target.value; changed(); } }),
          el('p', { class: 'quietly', id: `argument-note-${index}`, 'data-note': name })))),
        scrap.length ? el('dl', { class: 'facts' }, scrap.map((name) => el('div', {}, el('dt', {}, el('code', {}, foreign(`\${${name}}`, { dir: 'ltr' }))), el('dd', { 'data-note': name })))) : '',
        scrap.length ? el('p', { class: 'foot' }, t('arguments.scrap')) : '');
    }
    const missing = answer?.envelope?.argument_msg ?? {};
    for (const name of names) note(name).textContent = missing[`\${${name}}`] !== undefined ? t('arguments.missing', { said: String(missing[`\${${name}}`]) }) : '';
    for (const name of scrap) {
      const value = answer?.envelope?.template_args?.[`\${${name}}`];
      note(name).replaceChildren(value === undefined || value === '' ? el('span', { class: 'quietly' }, t(fill ? 'arguments.empty' : 'arguments.waits')) : foreign(String(value)));
    }
  };
}
