// The picker's window, once a message was shared: the page that opened it is told, as Kakao's SDK expects it, and the window may
// be closed. Without a script the page says the same.
const sent = document.getElementById("sent");
if (sent) {
  const { origin } = sent.dataset;
  if (window.opener && origin) {
    try {
      window.opener.postMessage("sent", origin);
    } catch {
      // An origin that is none: then there is no page to tell.
    }
    const close = document.getElementById("close");
    close.hidden = false;
    close.addEventListener("click", () => window.close());
  }
}
