// <div data-problems>, the list of errors above a form: the first wrong field gets the focus.
import { behaviour } from "../page/behaviour";

behaviour("data-problems", (list) => {
  const field = document.querySelector<HTMLElement>("[aria-invalid='true']");
  (field ?? list).focus();
});
