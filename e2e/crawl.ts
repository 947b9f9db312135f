// Follows every link that a person is shown, and looks at each kind of page once.
import { expect, type Page } from "@playwright/test";

export interface Visited {
  /** Addresses with ids left out: pages that differ only in their record are one kind. */
  kinds: string[];
  /** The address that was opened for each kind. */
  addresses: string[];
}

/** Calls `look` on all pages of `start`, and on one page of each kind that can be reached from there by links. */
export async function crawl(page: Page, start: string[], look: (kind: string) => Promise<void>): Promise<Visited> {
  const given = new Set(start);
  const open = [...start];
  const visited = new Map<string, string>();
  while (open.length > 0) {
    const address = open.shift() ?? "";
    const kind = kindOf(address);
    // The given ones are looked at all the same: a task that is linked and one that is not offer other links.
    if (visited.has(kind) && !given.delete(address)) continue;
    visited.set(kind, address);
    const answer = await page.goto(address);
    expect.soft(answer?.status(), `answer of ${address}`).toBe(200);
    await look(kind);
    open.push(...(await links(page)));
  }
  return { kinds: [...visited.keys()], addresses: [...visited.values()] };
}

/** What differs only in the record, the filter or the order is the same kind of page. */
export function kindOf(address: string): string {
  const { pathname, searchParams } = new URL(address, "http://here");
  const path = pathname
    .replace(/\/\d{6,}/g, "/{id}")
    .replace(/\/projects\/[A-Z0-9]{2,4}(?=\/|$)/, "/projects/{p}")
    .replace(/\/tasks\/[A-Z0-9]{2,4}-\d+/, "/tasks/{t}");
  const names = [...searchParams.keys()].sort();
  // Lists are one kind however they are filtered; a page below /setup or /bridge may be another one by its query.
  return names.length > 0 && /^\/(setup|bridge)\//.test(path) ? `${path}?${names.join("&")}` : path;
}

async function links(page: Page): Promise<string[]> {
  const all = await page.getByRole("link", { includeHidden: true }).evaluateAll((found) =>
    found.map((link) => {
      const { href, origin, pathname, search } = link as HTMLAnchorElement;
      return href && origin === location.origin ? pathname + search : "";
    }),
  );
  return [...new Set(all.filter((address) => address !== "" && !address.startsWith("/assets/")))];
}
