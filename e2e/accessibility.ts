// Holds a page against WCAG 2.2 AA. To be called on every page that a test visits.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

export async function expectAccessible(page: Page): Promise<void> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  const found = violations.map((violation) => ({
    rule: violation.id,
    help: violation.help,
    places: violation.nodes.map((node) => node.target.join(" ")),
  }));
  expect(found, `accessibility of ${page.url()}`).toEqual([]);
}
