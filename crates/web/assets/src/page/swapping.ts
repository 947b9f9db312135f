// htmx, set up for a page that allows no eval and no inline style, and the swap `morph`: it changes only what differs,
// keeps the focus, and leaves alone what somebody is typing.
import htmx from "htmx.org";
import { Idiomorph } from "idiomorph";

// The types of both libraries know only part of what they take.
interface Morphing {
  morphStyle: "innerHTML" | "outerHTML";
  ignoreActiveValue: boolean;
  restoreFocus: boolean;
  callbacks: { beforeNodeMorphed: (present: Node, coming: Node) => boolean };
}
const morph = Idiomorph.morph as unknown as (target: Element, content: unknown, options: Morphing) => Node[];

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  // Going back asks the server: a kept page would show old values, also to the next person at this computer.
  historyCacheSize: 0,
  historyRestoreAsHxRequest: false,
  scrollIntoViewOnBoost: false,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    // The answer is the form again, with what is wrong or what somebody else changed meanwhile.
    { code: "409", swap: true, error: false },
    { code: "422", swap: true, error: false },
    { code: "[45]..", swap: false, error: true },
  ],
});

htmx.defineExtension("morph", {
  isInlineSwap: (style) => morphStyle(style) === "outerHTML",
  handleSwap: (style, target, fragment) => {
    const wanted = morphStyle(style);
    if (!wanted || !(target instanceof Element)) return false;
    const content = fragment instanceof DocumentFragment || fragment instanceof Element ? fragment.children : fragment;
    return morph(target, content, options(wanted));
  },
  init: () => {},
  getSelectors: () => null,
  onEvent: () => true,
  transformResponse: (text) => text,
  encodeParameters: () => null,
});

function options(style: Morphing["morphStyle"]): Morphing {
  return { morphStyle: style, ignoreActiveValue: true, restoreFocus: true, callbacks: { beforeNodeMorphed: mayChange } };
}

/** Brings `present` to the state of `coming`, changing only what differs. Gives the nodes that stand there afterwards. */
export function become(present: Element, coming: Element): Node[] {
  return morph(present, coming, options("outerHTML"));
}

function morphStyle(style: string): Morphing["morphStyle"] | undefined {
  if (style === "morph" || style === "morph:outerHTML") return "outerHTML";
  return style === "morph:innerHTML" ? "innerHTML" : undefined;
}

/** A field that was changed and not yet sent keeps its value, unless the new page has the same one. */
function mayChange(present: Node, coming: Node): boolean {
  if (present instanceof HTMLInputElement && coming instanceof HTMLInputElement) {
    const isTicked = present.type === "checkbox" || present.type === "radio";
    if (isTicked) return present.checked === present.defaultChecked || present.checked === coming.checked;
    return present.value === present.defaultValue || present.value === coming.value;
  }
  if (present instanceof HTMLTextAreaElement && coming instanceof HTMLTextAreaElement) {
    return present.value === present.defaultValue || present.value === coming.value;
  }
  if (present instanceof HTMLSelectElement && coming instanceof HTMLSelectElement) {
    const isChanged = [...present.options].some((option) => option.selected !== option.defaultSelected);
    return !isChanged || present.value === coming.value;
  }
  return true;
}
