// What axe-core finds wrong with a page.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** The script a page needs for `faults`. */
export const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds on the page as it is now. The message itself is a document of its own, checked by its own test. Nothing is preloaded:
 * in a shadow tree axe would do that with inline styles, which the page's policy refuses.
 */
export async function faults(page) {
  const { violations } = await page.evaluate(() => window.axe.run(document, { iframes: false, preload: false, resultTypes: ['violations'] }));
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary.split('\n')[1]?.trim()}`));
}
