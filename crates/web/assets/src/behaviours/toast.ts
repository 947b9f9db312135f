// <div data-toast>: goes after 10 s, and stays as long as the pointer or the focus is on it.
import { behaviour } from "../page/behaviour";

const SHOWN_MS = 10_000;

behaviour("data-toast", (toast, signal) => {
  let timer = 0;
  const wait = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => toast.remove(), SHOWN_MS);
  };
  const hold = (): void => window.clearTimeout(timer);
  wait();
  toast.addEventListener("pointerenter", hold, { signal });
  toast.addEventListener("focusin", hold, { signal });
  toast.addEventListener("pointerleave", wait, { signal });
  toast.addEventListener("focusout", wait, { signal });
  signal.addEventListener("abort", hold);
});

/** Says something in the live region of the page. */
export function say(text: string): void {
  const region = document.querySelector("[data-toasts]");
  if (!region || !text) return;
  region.querySelector("[data-said]")?.remove();
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset["toast"] = "";
  toast.dataset["said"] = "";
  toast.append(text);
  region.append(toast);
}
