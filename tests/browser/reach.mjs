// What the tests of the reach page share: the steps of a visitor.

export const JUDGED = '#view.findings #path';

/** Opens the page; `lang` decides over the browser. */
export async function arrive(page, server, lang = null) {
  await page.goto(`${server.origin}/reach${lang ? `?lang=${lang}` : ''}`);
  await page.waitForSelector('#welcome');
}

/** Turns the probe off: what a test gives is then all there is to judge by. */
export async function withoutProbe(page) {
  if (await page.locator('#settings').getAttribute('open') === null) await page.click('#settings summary');
  await page.click('#settings [data-value="off"]');
}

/** Asks about a list of one's own: of IPv4 only, as the dump is. */
export async function ownRanges(page) {
  await page.click('#settings [data-value="own"]');
  await page.fill('#ranges-text', '27.0.236.0/22\n211.231.96.0/20\n');
}

export async function check(page) {
  await page.click('.go');
  await page.waitForSelector(JUDGED);
}

/** The kind of each card, by name. */
export async function kinds(page) {
  return Object.fromEntries(await page.locator('.card').evaluateAll((all) => all.map((one) => [one.querySelector('b').textContent, one.querySelector('[data-act="kind"]').value])));
}

/** What becomes of a request at each layer, as drawn. */
export async function way(page) {
  return page.locator('.station').evaluateAll((all) => all.map((one) => `${one.dataset.layer} ${one.dataset.state}`));
}
