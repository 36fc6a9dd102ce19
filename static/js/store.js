// Small choices kept in this browser. Where storage is blocked, they last as long as the page.

export function recall(name) {
  try {
    return localStorage.getItem(`scraplens.${name}`);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`scraplens.${name}`, value);
  } catch {
    // Nothing to do: the choice still holds for this page.
  }
}
