// A live page: hears that something it shows has changed, asks for itself once more, and puts in what differs.
//
// Parts that may change have an id and data-live="topic topic". What somebody is typing is left alone; a form whose
// record has changed shows its note (data-stale-note with data-version) instead.
import { say } from "../behaviours/toast";
import { become } from "../page/swapping";

const GATHER_MS = 300;
const POLL_MS = 30_000;
const TINT_MS = 2_000;
/** Topics that are read again with the others, and are nothing to listen to. */
const SILENT = ["nav"];

let stream: EventSource | null = null;
let gathering = 0;
let polling = 0;
let isReading = false;
let isStale = false;

const body = document.body;
if (body.hasAttribute("data-live-page")) begin();

function begin(): void {
  open();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) close();
    else {
      open();
      hear();
    }
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      open();
      hear();
    }
  });
  window.addEventListener("online", () => {
    showLine();
    open();
    hear();
  });
  window.addEventListener("offline", showLine);
  showLine();
}

function showLine(): void {
  const strip = document.querySelector<HTMLElement>("[data-offline]");
  if (strip) strip.hidden = navigator.onLine;
}

function parts(page: ParentNode): HTMLElement[] {
  const all = [...page.querySelectorAll<HTMLElement>("[data-live][id]")];
  return all.filter((part) => !part.parentElement?.closest("[data-live][id]"));
}

function topics(): string[] {
  const own = [...document.querySelectorAll<HTMLElement>("[data-live]")];
  const all = own.flatMap((part) => (part.dataset["live"] ?? "").split(/[\s,]+/));
  return [...new Set(all.filter((topic) => topic !== "" && !SILENT.includes(topic)))].sort();
}

function open(): void {
  window.clearTimeout(polling);
  const heard = topics();
  if (stream || document.hidden || heard.length === 0) return;
  const opened = new EventSource(`/live?topics=${heard.map(encodeURIComponent).join(",")}`);
  stream = opened;
  // What happened since the page was made, or since the stream was lost, was not heard.
  opened.addEventListener("open", hear);
  opened.addEventListener("changed", hear);
  opened.addEventListener("gap", hear);
  opened.addEventListener("again", () => {
    close();
    open();
    hear();
  });
  opened.addEventListener("error", () => {
    if (opened.readyState !== EventSource.CLOSED || stream !== opened) return;
    close();
    poll();
  });
}

function close(): void {
  stream?.close();
  stream = null;
  window.clearTimeout(gathering);
  window.clearTimeout(polling);
  gathering = 0;
}

function poll(): void {
  window.clearTimeout(polling);
  polling = window.setTimeout(() => {
    hear();
    open();
    if (!stream) poll();
  }, POLL_MS);
}

/** Something has changed: gathered for a moment, then read once. */
function hear(): void {
  if (gathering) return;
  gathering = window.setTimeout(() => {
    gathering = 0;
    void read();
  }, GATHER_MS);
}

async function read(): Promise<void> {
  if (isReading) {
    isStale = true;
    return;
  }
  isReading = true;
  isStale = false;
  try {
    const asked = location.href;
    const answer = await fetch(asked, { headers: { "x-live": "1" } });
    const text = await answer.text();
    // The person has opened or closed something meanwhile: the answer is of another page.
    if (location.href !== asked) isStale = true;
    // Signed out, or no right any more: the next step of the person shows it.
    else if (answer.ok && !answer.redirected) put(new DOMParser().parseFromString(text, "text/html"));
  } catch {
    showLine();
  } finally {
    isReading = false;
    if (isStale) hear();
  }
}

function put(coming: Document): void {
  const before = topics().join(",");
  let changed = 0;
  for (const part of parts(document)) {
    const next = coming.getElementById(part.id);
    if (!next) continue;
    if (part.hasAttribute("data-stale-note")) {
      if (part.dataset["version"] !== next.dataset["version"]) part.hidden = false;
      continue;
    }
    if (part.isEqualNode(next) || sameMarkup(part, next)) continue;
    const isSilent = SILENT.includes(part.dataset["live"] ?? "");
    const rows = isSilent ? [] : changedRows(part, next);
    become(part, next);
    if (isSilent) continue;
    changed += 1;
    tint(rows.length > 0 ? rows : [part.id]);
  }
  document.title = coming.title;
  if (changed > 0) say(document.querySelector<HTMLElement>("[data-toasts]")?.dataset["changedOne"] ?? "");
  // Rows that came or went are other topics.
  if (topics().join(",") !== before) {
    close();
    open();
  }
}

/** Behaviours change elements (a relative time, an open menu): compared is what the server said. */
function sameMarkup(part: Element, next: Element): boolean {
  const plain = (element: Element): string => {
    const copy = element.cloneNode(true) as Element;
    for (const time of copy.querySelectorAll("[data-relative]")) time.textContent = "";
    for (const own of copy.querySelectorAll("[data-tinted]")) own.removeAttribute("data-tinted");
    for (const own of copy.querySelectorAll("input[name=press], input[name=csrf]")) own.removeAttribute("value");
    copy.removeAttribute("data-tinted");
    return copy.innerHTML;
  };
  return plain(part) === plain(next);
}

/** Ids of the parts inside that will differ, so that a row is tinted and not its whole list. */
function changedRows(part: Element, next: Element): string[] {
  const rows = [...part.querySelectorAll("tr[id], li[id]")];
  return rows.filter((row) => {
    const other = next.ownerDocument.getElementById(row.id);
    return other !== null && !sameMarkup(row, other);
  }).map((row) => row.id);
}

function tint(ids: string[]): void {
  for (const id of ids) {
    const element = document.getElementById(id);
    if (!element) continue;
    element.setAttribute("data-tinted", "");
    window.setTimeout(() => element.removeAttribute("data-tinted"), TINT_MS);
  }
}
