// Every form that posts is sent once: the pressed button shows that it works, a second press does nothing.

const SENT = "sent";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset[SENT]) {
    event.preventDefault();
    return;
  }
  form.dataset[SENT] = "true";
  const button = event.submitter;
  // After the browser has read the form: the value of the pressed button belongs to it.
  window.setTimeout(() => {
    if (button instanceof HTMLButtonElement) button.setAttribute("aria-busy", "true");
    // A download or a page that never comes must not lock the form for good.
    window.setTimeout(() => free(form), 15_000);
  });
});

// The page comes back from the browser's memory, or the answer was put into it.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) free(form);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target instanceof Element ? event.target.closest("form") : null;
  if (form) free(form);
});

function free(form: HTMLFormElement): void {
  delete form.dataset[SENT];
  for (const button of form.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
  for (const button of document.querySelectorAll(`button[form="${form.id}"][aria-busy]`)) {
    if (form.id) button.removeAttribute("aria-busy");
  }
}

export {};
