// Behaviours: one small module each, attached to every element that has its data- attribute.
//
//   behaviour("data-counts", (field, signal) => {
//     field.addEventListener("input", () => { … }, { signal });
//   });
//
// An element is met once, whether it was in the page, was swapped in, or got its attribute later. `signal` is aborted
// when it leaves the page or loses the attribute: listeners on other elements, timers and streams end with it.

export type Attach = (element: HTMLElement, signal: AbortSignal) => void;

interface Behaviour {
  attribute: string;
  attach: Attach;
  attached: Map<HTMLElement, AbortController>;
}

const behaviours: Behaviour[] = [];

/** Declares a behaviour. To be called while the module loads, before the page starts. */
export function behaviour(attribute: `data-${string}`, attach: Attach): void {
  behaviours.push({ attribute, attach, attached: new Map() });
}

/** Attaches all behaviours now and to whatever comes later. */
export function start(page: Document): void {
  const settle = (): void => {
    for (const known of behaviours) {
      detach(known);
      for (const element of page.querySelectorAll<HTMLElement>(`[${known.attribute}]`)) attach(known, element);
    }
  };
  settle();
  const attributeFilter = behaviours.map((known) => known.attribute);
  new MutationObserver(settle).observe(page.documentElement, { subtree: true, childList: true, attributeFilter });
}

function attach(known: Behaviour, element: HTMLElement): void {
  if (known.attached.has(element)) return;
  const controller = new AbortController();
  known.attached.set(element, controller);
  known.attach(element, controller.signal);
}

function detach(known: Behaviour): void {
  for (const [element, controller] of known.attached) {
    if (element.isConnected && element.hasAttribute(known.attribute)) continue;
    known.attached.delete(element);
    controller.abort();
  }
}
