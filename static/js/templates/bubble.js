// The message as the server draws it, in a shadow tree with the server's own style: what it looks like is decided in one place.

import { el, foreign, seg } from '../dom.js';
import { pick, t } from '../i18n.js';

const SWITCHES = [['theme', ['light', 'dark']], ['width', ['phone', 'pc']]];
const FILES = ['png', 'svg', 'html'];
/** What a drawn message has no use for; whatever else happened, none of it gets into the page. */
const FORBIDDEN = 'script, style, link, meta, base, iframe, frame, object, embed, form, input, template, slot';

/** `look` = { theme, width }. `choose(name, value)` is told of a switch, `save(format)` of a wish for a file. */
export function bubble(root, look, { choose, save }) {
  const host = el('div', { class: 'drawn' });
  const said = el('p', { class: 'stale', role: 'status' });
  const notes = el('ul', { class: 'pictures' });
  const foot = el('p', { class: 'foot' });
  const empty = el('p', { class: 'none' });
  const stage = el('div', { class: 'stage' }, host, empty);
  const shadow = host.attachShadow({ mode: 'open' });
  const chat = el('div', {});
  // Before its style is there a message would flash unstyled.
  chat.hidden = true;
  shadow.append(el('link', { rel: 'stylesheet', href: '/api/v1/preview.css', onload: () => { chat.hidden = false; }, onerror: () => { chat.hidden = false; } }), chat);
  let drawn = false;

  return {
    /** Writes what does not come from the server, in the language now shown. */
    words() {
      root.replaceChildren(
        el('header', {}, el('h2', { id: 'bubble-h' }, t('bubble.heading')),
          el('span', { class: 'files' }, FILES.map((format) => el('button', { type: 'button', class: 'quiet', 'data-save': format, 'aria-label': t('bubble.save', { type: format.toUpperCase() }), onclick: () => save(format) }, format.toUpperCase())))),
        el('div', { class: 'switches' }, SWITCHES.map(([name, values]) => seg(t(`bubble.${name}`), values.map((value) => [value, t(`bubble.${value}`)]), look[name], (value) => { look[name] = value; choose(name, value); }))),
        said, stage, notes, foot);
      foot.textContent = t('bubble.foot');
      empty.textContent = t('bubble.none');
    },
    /** Shows the message of an answer; without one the last stays, dimmed, and `old` says so; `none` stands where there never was one. */
    show(answer, { old, none }) {
      const { bubble: made, message } = answer;
      if (made) {
        const { html, missing = [], pictures = [] } = made;
        chat.className = `chat ${look.theme} ${look.width}`;
        chat.replaceChildren(...clean(html));
        drawn = true;
        const lost = pictures.filter(({ outcome }) => outcome !== 'ok');
        notes.replaceChildren(...(lost.length ? [el('li', {}, t('bubble.lost-pictures'))] : []), ...lost.map(({ url, outcome }) => el('li', {}, el('code', { class: 'mark warning' }, foreign(outcome)), ' ', foreign(url, { class: 'mono' }))),
          ...(missing.length ? [el('li', {}, t('bubble.missing', { characters: missing.slice(0, 20).join(' ') }))] : []));
      }
      this.stale(made || !drawn ? null : old);
      stage.dataset.theme = look.theme;
      host.hidden = !drawn;
      empty.hidden = drawn;
      if (!drawn) empty.textContent = message ? t('bubble.failed') : none;
      for (const one of root.querySelectorAll('[data-save]')) one.disabled = !made;
    },
    /** Says that what is shown is not what is written; `null` takes it back. */
    stale(why) {
      said.textContent = why ?? '';
      const old = Boolean(why) && drawn;
      stage.classList.toggle('old', old);
      // Its links are those of another text.
      host.inert = old;
    },
    /** Says beside the files that one could not be had. */
    failed(failure) {
      foot.textContent = pick(failure.problem?.detail) || t(`failure.${failure.kind}`);
    },
    /** Forgets the last message: another one begins. */
    forget() {
      drawn = false;
    },
  };
}

/** The elements of a drawn message. It is parsed apart from the page, and what could act is left out. */
function clean(html) {
  const { body } = new DOMParser().parseFromString(String(html), 'text/html');
  for (const one of body.querySelectorAll(FORBIDDEN)) one.remove();
  for (const one of body.querySelectorAll('*')) {
    for (const { name, value } of [...one.attributes]) {
      const away = /^on|^style$|^srcdoc$|^srcset$/i.test(name) || (/href$/i.test(name) && !/^(https?:\/\/|#)/i.test(value)) || (name === 'src' && !/^(\/(?!\/)|data:image\/)/i.test(value));
      if (away) one.removeAttribute(name);
    }
  }
  return [...body.childNodes].map((node) => document.adoptNode(node));
}
