// <form data-autosubmit>: a choice made in it is sent at once. Typed text is sent by Enter, as in every form.
import { behaviour } from "../page/behaviour";

behaviour("data-autosubmit", (form, signal) => {
  if (!(form instanceof HTMLFormElement)) return;
  form.addEventListener(
    "change",
    (event) => {
      const field = event.target;
      const isTyped = field instanceof HTMLInputElement && !["checkbox", "radio", "date"].includes(field.type);
      if (!isTyped) form.requestSubmit();
    },
    { signal },
  );
});
