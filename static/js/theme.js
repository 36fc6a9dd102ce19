// The switch between the system's, the light and the dark theme. The colours are in css/tokens.css.

import { recall, remember } from './store.js';

export function wireTheme(group) {
  const buttons = [...group.querySelectorAll('button')];
  const show = (theme) => {
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.theme === theme));
  };
  for (const button of buttons) {
    button.addEventListener('click', () => {
      remember('theme', button.dataset.theme);
      show(button.dataset.theme);
    });
  }
  const kept = recall('theme');
  show(kept === 'light' || kept === 'dark' ? kept : 'auto');
}
