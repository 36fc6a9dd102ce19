// Styles that few visitors need at once: loaded with what they dress.

/** Loads `css/{name}.css` before the page's own last style, so that the page still has the last word. */
export function style(name) {
  const href = `/static/css/${name}.css`;
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  const link = document.createElement('link');
  Object.assign(link, { rel: 'stylesheet', href });
  return new Promise((resolve, reject) => {
    link.onload = resolve;
    link.onerror = () => { link.remove(); reject(new Error(href)); };
    [...document.querySelectorAll('link[rel="stylesheet"]')].at(-1).before(link);
  });
}
