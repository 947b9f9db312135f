// Holds a page against WCAG 2.2 AA. To be called on every page that a test visits.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

interface Violation {
  rule: string;
  help: string;
  places: string[];
}

export async function expectAccessible(page: Page): Promise<void> {
  expect(await violationsOn(page), `accessibility of ${page.url()}`).toEqual([]);
}

/** What axe finds; all rules, or only some. */
export async function violationsOn(page: Page, only: string[] = []): Promise<Violation[]> {
  await settled(page);
  const found = await look(page, only);
  if (found.length === 0) return found;
  // A note may have begun to fade in while axe was looking; what is wrong with the page is wrong a second time.
  await settled(page);
  return look(page, only);
}

/** What is just fading in has not got its colours yet. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter((own) => own.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map((own) => own.finished));
  });
}

async function look(page: Page, only: string[]): Promise<Violation[]> {
  // The pages have no frames: the result needs no page of its own to be put together.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (only.length > 0 ? axe.withRules(only) : axe.withTags(TAGS)).analyze();
  return violations.map((violation) => ({
    rule: violation.id,
    help: violation.help,
    places: violation.nodes.map((node) => node.target.join(" ")),
  }));
}
