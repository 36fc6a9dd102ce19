// The switch between the system's, the light and the dark theme. The colours are in css/tokens.css.

import { recall, remember } from './store.js';

/** The theme now shown, `light` or `dark`. */
export function theme() {
  return document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
}

/** Makes the switch work; `changed` is called after each change. */
export function wireTheme(group, changed) {
  const buttons = [...group.querySelectorAll('button')];
  const show = (chosen) => {
    if (chosen === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.theme === chosen));
  };
  for (const button of buttons) {
    button.addEventListener('click', () => {
      remember('theme', button.dataset.theme);
      show(button.dataset.theme);
      changed();
    });
  }
  const kept = recall('theme');
  show(kept === 'light' || kept === 'dark' ? kept : 'auto');
}
