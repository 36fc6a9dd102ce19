// Sets the chosen theme before the first paint, so that a dark page never flashes white.
// A classic script on purpose: modules run after the page is parsed. The switch itself is in theme.js.
try {
  const theme = localStorage.getItem('scraplens.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme it is.
}
