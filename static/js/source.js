// The page's source, loaded when it is opened or when something leads into it. What its lines look like is in listing.js.

import { button, drawer, el } from './dom.js';
import { moreWords, t } from './i18n.js';

/** `kept.answer` holds what `load()` gave. Returns the panel, and `jump(place)` that goes to a line of it. */
export function source(report, kept, load) {
  const { element, open } = drawer('source', t('source.heading'), null, t('source.show'), kept, async (body) => {
    body.replaceChildren(el('p', { class: 'empty', role: 'status' }, t('source.loading')));
    try {
      const [{ listing }, answer] = await Promise.all([import('./listing.js'), kept.answer ?? load(), moreWords('listing')]);
      kept.answer = answer;
      body.replaceChildren(...listing(answer, report));
      return true;
    } catch {
      body.replaceChildren(el('p', { class: 'empty', role: 'alert' }, t('source.failed'), ' ', button(t('retry'), open)));
      return false;
    }
  });
  const jump = async ({ line, column }) => {
    await open();
    const row = `[data-line="${line}"]`;
    const spot = element.querySelector(`${row} [data-column="${column}"]`) ?? element.querySelector(row) ?? element.querySelector('summary');
    (spot.closest('li') ?? spot).focus({ preventScroll: true });
    spot.scrollIntoView({ block: 'center' });
  };
  return { element, jump };
}
