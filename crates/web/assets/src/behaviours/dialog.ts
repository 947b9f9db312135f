// <button data-opens="id"> shows the <dialog> of that id above the page; <button data-closes> inside it closes it.
// Focus returns to the button that opened it, and Esc closes it: both by the browser itself.
import { behaviour } from "../page/behaviour";

behaviour("data-opens", (button, signal) => {
  const open = (event: Event): void => {
    const dialog = document.getElementById(button.dataset["opens"] ?? "");
    if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
    // Without script the same link or button leads to a page of its own.
    event.preventDefault();
    dialog.showModal();
  };
  button.addEventListener("click", open, { signal });
});

behaviour("data-closes", (button, signal) => {
  const close = (event: Event): void => {
    const dialog = button.closest("dialog");
    if (!dialog) return;
    event.preventDefault();
    dialog.close();
  };
  button.addEventListener("click", close, { signal });
});

// <dialog open data-modal>: a dialog at an address of its own. It is made modal, so that the focus stays inside; Esc
// and a click beside it follow the link with data-modal-close.
behaviour("data-modal", (dialog, signal) => {
  if (!(dialog instanceof HTMLDialogElement)) return;
  dialog.close();
  dialog.showModal();
  document.querySelector("[data-scrim]")?.remove();
  const leave = (): void => dialog.querySelector<HTMLAnchorElement>("[data-modal-close]")?.click();
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  }, { signal });
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog) leave();
  }, { signal });
});
