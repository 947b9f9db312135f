// <time data-relative datetime="…">: "20 seconds ago" in the language of the page, as long as it is less than a day.
import { behaviour } from "../page/behaviour";

const EVERY_MS = 20_000;

behaviour("data-relative", (time, signal) => {
  const at = Date.parse(time.getAttribute("datetime") ?? "");
  if (Number.isNaN(at)) return;
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "short" });
  const show = (): void => {
    const seconds = Math.round((Date.now() - at) / 1000);
    if (seconds < 0 || seconds >= 86_400) return;
    if (seconds < 60) time.textContent = words.format(-seconds, "second");
    else if (seconds < 3600) time.textContent = words.format(-Math.floor(seconds / 60), "minute");
    else time.textContent = words.format(-Math.floor(seconds / 3600), "hour");
  };
  show();
  const timer = window.setInterval(show, EVERY_MS);
  signal.addEventListener("abort", () => window.clearInterval(timer));
});
