// The verdict over a report: which sentence stands first, and which finding it points to. No browser, no server.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

// The page's modules are .js files of a folder without package.json; as a data URL this one is a module all the same.
const source = await readFile(new URL('../../static/js/judge.js', import.meta.url), 'utf8');
const { judge } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

const finding = (text) => { const [severity, code] = text.split(' '); return { severity, code }; };
const IMAGE = [{ url: 'https://a.example/i.png', source: 'og:image' }];

for (const [what, { outcome = 'ok', blame = null, images = IMAGE, card = { images }, image, findings = [] }, tone, headline, decides] of [
  ['a page without faults should show its image', {}, 'ok', 'image-should', -1],
  ['an image that was fetched will show', { image: { outcome: 'ok' } }, 'ok', 'image-will', -1],
  ['information alone does not spoil a verdict', { findings: ['info sent-messages-stay'] }, 'ok', 'image-should', -1],
  ['a failure of the site means no card', { outcome: 'status-403', blame: 'site', card: null, findings: ['error status-403', 'info cannot-see-ip-rules'] }, 'bad', 'no-card', 0],
  ['the finding of the outcome decides, wherever it stands', { outcome: 'timeout', blame: 'site', card: null, findings: ['error other', 'error timeout'] }, 'bad', 'no-card', 1],
  ['an address of the caller is refused, not blamed on a site', { outcome: 'address-private', blame: 'caller', card: null, findings: ['error address-private'] }, 'bad', 'refused', 0],
  ['a fault of ours is not blamed on the page', { outcome: 'extraction-failed', blame: 'server', card: null }, 'calm', 'unchecked', -1],
  ['no card without a named failure is still no card', { card: null }, 'bad', 'no-card', -1],
  ['without any image the first error says why', { images: [], findings: ['error meta-in-body', 'error og-image-missing'] }, 'bad', 'image-missing', 0],
  ['without any image and error the word about the image decides', { images: [], findings: ['warning og-title-missing', 'warning og-image-missing'] }, 'bad', 'image-missing', 1],
  ['an image that cannot be fetched will not show', { findings: ['error image-status-403', 'warning og-url-mismatch'] }, 'bad', 'image-missing', 0],
  ['a wrong title is not called a missing image', { findings: ['error meta-in-body'] }, 'bad', 'card-wrong', 0],
  ['an image that stands in is another image', { findings: ['warning og-title-missing', 'error og-image-missing'] }, 'warn', 'image-other', 1],
  ['a displaced tag puts the image at risk', { findings: ['warning meta-displaced', 'warning og-url-mismatch'] }, 'warn', 'image-maybe', 0],
  ['a displaced tag with a stand-in is told by its cause', { findings: ['warning meta-displaced', 'warning image-from-body'] }, 'warn', 'image-other', 0],
  ['a warning that is not about the image does not doubt the image', { findings: ['warning og-url-mismatch'] }, 'warn', 'card-check', 0],
]) {
  test(what, () => {
    const verdict = judge({ outcome, blame, card, image, findings: findings.map(finding) });
    assert.deepEqual([verdict.tone, verdict.headline, verdict.finding], [tone, `verdict.${headline}`, decides]);
  });
}
