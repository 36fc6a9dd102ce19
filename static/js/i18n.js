// The page's sentences in the language now shown, and the choice of it. They stand in words/ko.js and words/en.js, and in one set
// more for each page; a reader loads those of one language. The sentences of findings are not here: they come with the report.

import { recall, remember } from './store.js';

const LANGUAGES = ['ko', 'en'];
let current = 'ko';
/** The language chosen last; its words may be on their way. */
let wanted = 'ko';
let words = {};
const sets = [''];

/** The language now shown, `ko` or `en`. */
export function language() {
  return current;
}

/** The sentence `key` with its `{names}` filled in, numbers with thousands separators. A 1 takes `key.one` if there is one. */
export function t(key, values = {}) {
  const one = Object.values(values).includes(1) && words[`${key}.one`];
  return (one || words[key] || key).replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name] ?? whole;
    return typeof value === 'number' ? value.toLocaleString(current) : value;
  });
}

/** True if there is a sentence `key`. */
export function known(key) {
  return Object.hasOwn(words, key);
}

/** The sentence for a word of the server, such as a severity; a word we do not know stays as it is. */
export function word(group, name) {
  return known(`${group}.${name}`) ? t(`${group}.${name}`) : String(name);
}

/** A `{ko, en}` text of the server in the language now shown; a plain string as it is. */
export function pick(text) {
  if (typeof text === 'string') return text;
  return text?.[current] ?? text?.en ?? text?.ko ?? '';
}

/** The language to start with: `?lang=`, else what was chosen here before, else the browser's, else English. */
function preferred() {
  const asked = [new URLSearchParams(location.search).get('lang'), recall('lang'), ...(navigator.languages ?? [navigator.language])];
  return asked.map((tag) => tag?.slice(0, 2).toLowerCase()).find((tag) => LANGUAGES.includes(tag)) ?? 'en';
}

/** Loads every set in the wanted language, also those asked for meanwhile: no call may end with fewer words. */
async function load() {
  for (;;) {
    const [language, count] = [wanted, sets.length];
    const files = await Promise.all(sets.map((set) => import(`./words/${set}${language}.js`)));
    if (language !== wanted || count !== sets.length) continue;
    words = Object.assign({}, ...files.map((file) => file.default));
    current = language;
    return;
  }
}

/** Takes in the sentences of the set `name` as well, in whatever language is shown. */
export async function moreWords(name) {
  if (!sets.includes(`${name}.`)) sets.push(`${name}.`);
  await load();
}

/** Fills in every `data-i18n` of the document and says in which language it is. */
function apply() {
  document.documentElement.lang = current;
  for (const element of document.querySelectorAll('[data-i18n]')) element.textContent = t(element.dataset.i18n);
  for (const element of document.querySelectorAll('[data-i18n-label]')) {
    element.setAttribute('aria-label', t(element.dataset.i18nLabel));
    if (element.tagName === 'BUTTON') element.title = t(element.dataset.i18nLabel);
  }
}

/** Starts with the preferred language and the page's own `own` sets, and makes the switch work; `changed` is called after each change. */
export async function wireLanguage(group, own, changed) {
  sets.push(...own.map((set) => `${set}.`));
  const buttons = [...group.querySelectorAll('button')];
  const show = async (chosen) => {
    wanted = chosen;
    await load();
    apply();
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.lang === chosen));
  };
  for (const button of buttons) {
    button.addEventListener('click', async () => {
      const chosen = button.dataset.lang;
      await show(chosen);
      remember('lang', chosen);
      const address = new URL(location.href);
      if (address.searchParams.has('lang')) {
        address.searchParams.set('lang', chosen);
        history.replaceState(history.state, '', address);
      }
      changed();
    });
  }
  await show(preferred());
}
