// What the reader made, as the question that the server is asked. Pure.

/** What Kakao's SDKs take: bytes of the native ones, characters of the JavaScript one. */
export const LIMITS = { bytes: 10_240, characters: 10_000 };

/**
 * The body of `POST /api/v1/template/check`, or `null` where there is nothing to ask yet. `state` = { mode, text, syntax, template, args,
 * url, app, theme, width }; `template` = the entry of the list that was chosen, `byId` = ask about it and not about the text.
 */
export function question(state, lang, byId = false) {
  const { mode, text, syntax, template, args, url, app, theme, width } = state;
  const look = { ...(app ? { app } : {}), theme, width, lang };
  if (mode === 'scrape') return url ? { url, ...look } : null;
  if (mode === 'default') return { text, syntax: 'json', kind: 'default', ...look };
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== ''));
  const more = { args: given, ...(url ? { url } : {}), ...look };
  if (template && (template.text === undefined || (byId && template.text === text))) return { template_id: template.id, ...more };
  return template || text ? { text, syntax, kind: 'custom', ...more } : null;
}

/** What goes to the webhook: rows of a name and a value, or a text that must be JSON. Throws a `SyntaxError`. */
export function callbackArgs({ as, rows, json }) {
  if (as !== 'json') return Object.fromEntries(rows.filter(([name]) => name !== ''));
  if (!json.trim()) return {};
  JSON.parse(json);
  return json;
}

/** How near a measure is to its limit: `ok` | `near` | `over`. */
export function fullness(measured, limit) {
  if (measured >= limit) return 'over';
  return measured >= limit * 0.85 ? 'near' : 'ok';
}
