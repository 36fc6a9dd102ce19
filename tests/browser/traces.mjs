// What hostile text must not leave behind on a page that only shows text. Runs inside the page, so it stands on its own.

export function traces() {
  const found = [];
  for (const root of [document.querySelector('#intake'), document.querySelector('#view'), document.querySelector('#verdict')]) {
    for (const one of root.querySelectorAll('script, style, embed, object, base, math, link, iframe, img, image, use, meta, form form, [srcdoc], [style*="url"]')) found.push(one.outerHTML);
    for (const one of root.querySelectorAll('*')) for (const { name } of one.attributes) if (/^on/.test(name)) found.push(name);
    for (const one of root.querySelectorAll('a')) if (!one.getAttribute('href').startsWith('#')) found.push(one.outerHTML);
  }
  return found;
}
