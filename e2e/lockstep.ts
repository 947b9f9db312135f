// What all tests share: the settings of the run, people who are signed in, and pages that are watched.
import { type Browser, type BrowserContext, type BrowserContextOptions, expect, type Locator, type Page, test as base } from "@playwright/test";
import { expectAccessible } from "./accessibility";
import { type Language, type Words, wordsOf } from "./words";

/** What a project of the run sets. */
export interface Settings {
  language: Language;
  /** The folder that letters are written to. */
  mails: string;
}

interface Shared {
  words: Words;
}

export const test = base.extend<object, Settings & Shared>({
  language: ["en", { option: true, scope: "worker" }],
  mails: ["", { option: true, scope: "worker" }],
  words: [async ({ language }, use) => use(wordsOf(language)), { scope: "worker" }],
});

/** People of the demo data, by the part that they play. */
export const PEOPLE = {
  administrator: "admin@zylker.example",
  sales: "sales.manager@zylker.example",
  delivery: "project.manager@zylker.example",
  migration: "migration.lead@zylker.example",
  account: "account.manager@zylker.example",
  salesInChina: "sales.rep.cn@zylker.example",
  client: "it.manager@software-customer.example",
} as const;

export type Part = keyof typeof PEOPLE;

/** A person at a browser of her own. */
export interface Person {
  page: Page;
  context: BrowserContext;
  /** What the browser has complained of so far. */
  complaints: string[];
  /** How often a page was loaded so far. */
  loads: () => number;
}

/** Opens a browser session that nobody is signed in to. */
export async function guest(browser: Browser, options: BrowserContextOptions = {}): Promise<Person> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  return { page, context, ...watch(page) };
}

/** Opens a browser session and signs in with the button of the demo account. */
export async function signedIn(browser: Browser, part: Part, words: Words, options: BrowserContextOptions = {}): Promise<Person> {
  const person = await guest(browser, options);
  const { page } = person;
  await page.goto("/sign-in");
  await page.getByRole("button", { name: PEOPLE[part] }).click();
  await expect(page.getByRole("heading", { level: 1 })).not.toContainText("Zylker");
  await speak(page, words);
  return person;
}

/** Chooses the language in the account menu, where it is not chosen yet. */
export async function speak(page: Page, words: Words): Promise<void> {
  const lang = words.language === "en" ? "en" : /^zh/;
  const isSpoken = words.language === ((await page.locator("html").getAttribute("lang"))?.startsWith("zh") ? "zh-CN" : "en");
  if (!isSpoken) {
    await openAccountMenu(page);
    await page.getByRole("button", { name: words.either("English", "简体中文") }).click();
  }
  await expect(page.locator("html")).toHaveAttribute("lang", lang);
}

export async function openAccountMenu(page: Page): Promise<void> {
  // A <summary> has no role of its own.
  await page.getByRole("complementary").getByLabel(/^Account of |的账户$/).click();
}

function watch(page: Page): { complaints: string[]; loads: () => number } {
  const complaints: string[] = [];
  let loads = 0;
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on("load", () => {
    loads += 1;
  });
  return { complaints, loads: () => loads };
}

/** One heading of the first level, nothing beside the screen, no complaint of axe. */
export async function expectGoodPage(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 }), `one h1 on ${page.url()}`).toHaveCount(1);
  await expectNoOverflow(page);
  await expectAccessible(page);
}

export async function expectNoOverflow(page: Page): Promise<void> {
  expect(await overflow(page), `pixels beside the screen on ${page.url()}`).toBeLessThanOrEqual(0);
}

/** How many pixels of the page lie beside the screen. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** The value beside a label in a list of properties. */
export function property(page: Page, label: string): Locator {
  const term = page.getByRole("term").filter({ hasText: new RegExp(`^${label}$`) });
  return term.locator("xpath=following-sibling::dd[1]");
}
