// What the tests of the templates page share: the steps of a visitor.

/** What stands on the page once the first template was judged and drawn. */
export const READY = '#problems header h2';

/** Opens the page; `lang` decides over the browser. */
export async function arrive(page, server, lang = null) {
  await page.goto(`${server.origin}/templates${lang ? `?lang=${lang}` : ''}`);
  await page.waitForSelector(READY);
  await page.waitForFunction(() => document.querySelector('#bubble .drawn')?.shadowRoot.querySelector('.bubble'));
}

/** Puts a text into the editor as typing would. */
export async function write(page, text) {
  await page.fill('#text', typeof text === 'string' ? text : JSON.stringify(text, null, 2));
}

/** Waits until the words of the drawn message fit `pattern`. */
export async function drawn(page, pattern) {
  await page.waitForFunction(({ source, flags }) => {
    const made = document.querySelector('#bubble .drawn')?.shadowRoot.querySelector('.bubble');
    return made && new RegExp(source, flags).test(made.textContent.replace(/\s+/g, ' '));
  }, { source: pattern.source, flags: pattern.flags });
}

/** Waits for a problem of `code`; its list item. */
export async function told(page, code) {
  const item = page.locator('#problems .finding', { has: page.locator('code', { hasText: new RegExp(`^${code}$`) }) }).first();
  await item.waitFor();
  return item;
}

/** The numbers of the lines that are marked in the editor, by severity. */
export function marked(page, severity) {
  return page.evaluate((name) => [...document.querySelectorAll('.paint > .line')].flatMap((line, index) => (line.classList.contains(name) ? [index + 1] : [])), severity);
}

export const bottom = (page) => page.evaluate(() => scrollTo(0, document.body.scrollHeight));

/** Brings in what stands below the editor: it is loaded once the reader touches the page. */
export async function below(page) {
  await page.mouse.wheel(0, 10);
  await page.waitForSelector('#share');
}
