// What a firewall report gives away for others: documents made from what is shown, and which list of ranges it speaks of.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { IPTABLES, RANGES, arrive, check, give, ownRanges } from './firewall.mjs';
import { headline, world } from './harness.mjs';
import { saved } from './logs.mjs';

const at = world();
const { visit } = at;

test('the report is saved as Markdown, as CSV of its parts and as JSON', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', IPTABLES]);
  await ownRanges(page);
  await check(page);
  const markdown = await saved(page, '[data-save="md"]');
  assert.equal(markdown.name, 'kakao-firewall.md');
  assert.match(markdown.text, /`27\.0\.238\.128\/25` \| 443 \| .*`rules\.v4:9`/);
  const csv = await saved(page, '[data-save="csv"]');
  assert.match(csv.text, /^\uFEFFrange,service,port,/);
  assert.match(csv.text, /\r\n27\.0\.236\.0\/22,[^,]*,443,,,27\.0\.238\.128\/25,denied,drop,/);
  const json = JSON.parse((await saved(page, '[data-save="json"]')).text);
  assert.equal(json.headline.ko, await headline(page));
}));

test('which list was asked about stands in the report: whose it is, how old, what it announces', () => visit(async (page) => {
  await arrive(page, at.server);
  await give(page, ['rules.v4', IPTABLES]);
  await check(page);
  assert.match(await page.textContent('#list-used'), /BGP.*아니요.*20\d\d-\d\d-\d\d.*일 전.*없음/s);
  await ownRanges(page, JSON.stringify({
    inbound: [{ service: 'scrap', ips: ['27.0.236.0/22'], ports: [80, 443], updatedDate: '2026-11-01' }], updatedDate: '2026-11-01',
  }));
  await check(page);
  assert.match(await page.textContent('#list-used'), /카카오 API\(공식 목록\).*예.*2026-11-01/s);
  await ownRanges(page, RANGES);
  await check(page);
  assert.match(await page.textContent('#list-used'), /직접 제공한 목록.*대역 2개/s);
}));
