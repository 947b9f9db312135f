// <input data-check="address">: asks what saving would do, 300 ms after the value is complete, and puts the answer
// into the element with data-check-answer of the same form. The answer to an older value is never shown.
import { behaviour } from "../page/behaviour";

const PAUSE_MS = 300;

behaviour("data-check", (field, signal) => {
  const form = field.closest("form");
  if (!form) return;
  let timer = 0;
  let asked = new AbortController();
  const ask = async (): Promise<void> => {
    asked.abort();
    asked = new AbortController();
    const place = form.querySelector("[data-check-answer]");
    if (!place) return;
    const values = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (name !== "press" && typeof value === "string") values.append(name, value);
    }
    try {
      const answer = await fetch(field.dataset["check"] ?? "", {
        method: "POST",
        body: values,
        headers: { "hx-request": "true" },
        signal: AbortSignal.any([asked.signal, signal]),
      });
      if (answer.ok) place.innerHTML = await answer.text();
    } catch {
      // Without an answer nothing is claimed: saving checks again.
    }
  };
  const wait = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), PAUSE_MS);
  };
  field.addEventListener("input", wait, { signal });
  field.addEventListener("change", wait, { signal });
  signal.addEventListener("abort", () => window.clearTimeout(timer));
});
