// The logs as cards: what each is called, how large it is, and how it was read.

import { button, el, foreign } from '../dom.js';
import { visible } from '../firewall/lines.js';
import { bytes } from '../format.js';
import { t } from '../i18n.js';
import { packed } from './files.js';

/** `read` = the files of the last report; `changed(what)` is told of every change; `more(log)` adds choices. */
export function cards(logs, { read, changed, more = () => null }) {
  return logs.list.map((log) => {
    const name = visible(log.name);
    const file = read.find((one) => one.name === log.name);
    return el('li', { class: 'card log', 'data-id': log.id },
      el('span', { class: 'step', 'aria-hidden': 'true' }, '≡'),
      el('div', { class: 'card-name' }, el('b', {}, foreign(name)),
        el('span', { class: 'quietly' }, [packed(log.name), bytes(log.file.size), file ? t('logs.read', { title: file.title, count: file.requests }) : null].filter(Boolean).join(' · '))),
      el('div', { class: 'card-choices' }, more(log)),
      el('div', { class: 'card-tools' },
        button('×', () => { logs.remove(log); changed({ removed: log.name }); }, { class: 'quiet remove', 'aria-label': `${t('cards.remove')}: ${name}`, title: t('cards.remove') })));
  });
}
