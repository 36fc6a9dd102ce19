// Small choices and the recent addresses, kept in this browser only. Where storage is blocked, they last as long as the page.

const MOST_RECENT = 8;

export function recall(name) {
  try {
    return localStorage.getItem(`scraplens.${name}`);
  } catch {
    return null;
  }
}

/** Keeps `value`; null forgets it. */
export function remember(name, value) {
  try {
    if (value === null) localStorage.removeItem(`scraplens.${name}`);
    else localStorage.setItem(`scraplens.${name}`, value);
  } catch {
    // Nothing to do: the choice still holds for this page.
  }
}

/** The addresses that were asked for last, newest first. */
export function recent() {
  try {
    const kept = JSON.parse(recall('recent') ?? '[]');
    return Array.isArray(kept) ? kept.filter((url) => typeof url === 'string').slice(0, MOST_RECENT) : [];
  } catch {
    return [];
  }
}

export function rememberRecent(url) {
  remember('recent', JSON.stringify([url, ...recent().filter((other) => other !== url)].slice(0, MOST_RECENT)));
}
