// <form data-draft="address">: what is typed stays in this tab until it was saved. It is kept through
// an expired session and a lost line, put back when the form comes again, and thrown away when a page says that it
// was saved. Passwords and hidden fields are never kept.
import { behaviour } from "../page/behaviour";

type Values = [name: string, value: string][];

interface Draft {
  /** The form was sent and no page has said yet what became of it. */
  isSent: boolean;
  values: Values;
}

const PREFIX = "draft ";
const FIELDS = "input, textarea, select";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

settleSent();

behaviour("data-draft", (form, signal) => {
  if (!(form instanceof HTMLFormElement)) return;
  const key = PREFIX + (form.dataset["draft"] || new URL(form.action).pathname);
  const opened = JSON.stringify(read(form));
  const draft = load(key);
  // After an error the server has sent back what was typed: that is newer.
  const isAnswer = document.querySelector("[data-problems]") !== null;
  if (draft && !isAnswer && JSON.stringify(draft.values) !== opened) {
    put(form, draft.values);
    note(form, () => {
      sessionStorage.removeItem(key);
      form.reset();
    });
  }
  const keep = (isSent: boolean) => (): void => {
    const values = read(form);
    if (JSON.stringify(values) === opened && !isSent) sessionStorage.removeItem(key);
    else save(key, { isSent, values });
  };
  form.addEventListener("input", keep(false), { signal });
  form.addEventListener("change", keep(false), { signal });
  form.addEventListener("submit", keep(true), { signal });
});

/** Drafts that were sent: this page is the answer. */
function settleSent(): void {
  const isKept = document.querySelector("[data-draft-kept]");
  if (isKept instanceof HTMLElement) isKept.hidden = !keys().some((key) => load(key)?.isSent);
  const isSignIn = document.querySelector("main.gate") !== null;
  const isNotSaved = isKept !== null || isSignIn || document.querySelector("[data-keep-csrf]") !== null;
  for (const key of keys()) {
    const draft = load(key);
    if (!draft?.isSent) continue;
    if (isNotSaved) save(key, { isSent: false, values: draft.values });
    else sessionStorage.removeItem(key);
  }
}

function keys(): string[] {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

function load(key: string): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

function save(key: string, draft: Draft): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // The browser gives no room: the text is still in the form.
  }
}

function fields(form: HTMLFormElement): Field[] {
  const all = [...form.elements].filter((own): own is Field => own.matches(FIELDS));
  return all.filter((own) => own.name !== "" && !["hidden", "password", "file"].includes(own.type));
}

function isTick(field: Field): field is HTMLInputElement {
  return field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type);
}

function read(form: HTMLFormElement): Values {
  return fields(form)
    .filter((field) => !isTick(field) || field.checked)
    .map((field) => [field.name, field.value]);
}

function put(form: HTMLFormElement, values: Values): void {
  const left = [...values];
  for (const field of fields(form)) {
    const at = left.findIndex(([name, value]) => name === field.name && (!isTick(field) || value === field.value));
    if (isTick(field)) field.checked = at >= 0;
    else if (at >= 0) field.value = left[at]?.[1] ?? "";
    if (at >= 0) left.splice(at, 1);
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Says that the text is back and not saved, with a way to drop it. The words stand on the page's live region. */
function note(form: HTMLFormElement, discard: () => void): void {
  const words = document.querySelector<HTMLElement>("[data-toasts]")?.dataset;
  if (!words) return;
  const banner = document.createElement("div");
  banner.className = "banner";
  banner.dataset["tone"] = "accent";
  banner.setAttribute("role", "status");
  const text = document.createElement("div");
  text.className = "grow";
  text.append(Object.assign(document.createElement("b"), { textContent: words["draftBack"] ?? "" }));
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    className: "btn sm",
    textContent: words["draftDiscard"] ?? "",
  });
  const end = document.createElement("div");
  end.className = "end";
  end.append(button);
  banner.append(text, end);
  button.addEventListener("click", () => {
    discard();
    banner.remove();
  });
  form.prepend(banner);
}
