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
