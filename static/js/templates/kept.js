// What the reader was at, kept in this browser, so that a reload loses nothing. It is sent nowhere else.

import { recall, remember } from '../store.js';

const NAME = 'template';
/** More is not kept: storage is small and shared with the other pages. */
const MOST = 400_000;
const MODES = ['default', 'custom', 'scrape'];

const text = (value, otherwise = '') => (typeof value === 'string' ? value : otherwise);
const object = (value) => (value && typeof value === 'object' && !Array.isArray(value) ? value : {});
const strings = (value) => Object.fromEntries(Object.entries(object(value)).filter(([, one]) => typeof one === 'string'));

/** The state of a first visit, with what was kept of the last one. */
export function restore() {
  let kept = {};
  try {
    kept = object(JSON.parse(recall(NAME) ?? '{}'));
  } catch {
    // Not ours, or torn: a first visit.
  }
  const callback = object(kept.callback);
  const rows = Array.isArray(callback.rows) ? callback.rows.filter((row) => Array.isArray(row) && row.length === 2 && row.every((one) => typeof one === 'string')).slice(0, 50) : [];
  return {
    mode: MODES.includes(kept.mode) ? kept.mode : 'default',
    texts: { default: null, custom: null, ...strings(kept.texts) },
    syntax: kept.syntax === 'json' ? 'json' : 'toml',
    template: Number.isSafeInteger(kept.template) ? kept.template : null,
    args: strings(kept.args),
    url: text(kept.url),
    app: Number.isSafeInteger(kept.app) ? kept.app : null,
    theme: ['light', 'dark'].includes(kept.theme) ? kept.theme : null,
    width: kept.width === 'pc' ? 'pc' : 'phone',
    target: text(kept.target, 'javascript'),
    chat: text(kept.chat, 'DirectChat'),
    callback: { as: callback.as === 'json' ? 'json' : 'rows', rows: rows.length ? rows : [['', '']], json: text(callback.json) },
  };
}

/** Keeps what `restore` gives. */
export function keep(state) {
  const { mode, texts, syntax, template, args, url, app, theme, width, target, chat, callback } = state;
  const kept = JSON.stringify({ mode, texts, syntax, template, args, url, app, theme, width, target, chat, callback });
  remember(NAME, kept.length <= MOST ? kept : null);
}
