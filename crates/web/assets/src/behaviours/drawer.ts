// <aside data-drawer>: takes the focus when it opens, gives it back when it closes, and Esc follows the link with
// data-drawer-close. It does not hold the focus: the list beside it stays in use.
import { behaviour } from "../page/behaviour";

behaviour("data-drawer", (drawer, signal) => {
  const opener = document.activeElement;
  drawer.tabIndex = -1;
  if (!drawer.contains(opener)) drawer.focus({ preventScroll: true });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (isTyping) return;
      drawer.querySelector<HTMLAnchorElement>("[data-drawer-close]")?.click();
    },
    { signal },
  );
  signal.addEventListener("abort", () => {
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
  });
});
