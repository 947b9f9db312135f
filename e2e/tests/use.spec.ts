// How the pages behave in use: by keyboard, without script, when a session ends, when a form is sent twice, and when two
// people change the same thing.
import { expect, type Locator, type Page } from "@playwright/test";
import { expectAccessible } from "../accessibility";
import { guest, openAccountMenu, PEOPLE, signedIn, test } from "../lockstep";

const PASSWORD = process.env["LOCKSTEP_DEMO_PASSWORD"] ?? "";

/** The form for a new task of the project, and its title. */
async function newTask(page: Page, project: string): Promise<Locator> {
  await page.goto(`/projects/${project}/tasks`);
  await page.getByRole("link", { name: "Add task", exact: true }).first().click();
  return page.getByRole("dialog").getByLabel("Task title", { exact: true });
}

test("sign-in and skip link by keyboard", async ({ browser }) => {
  const { page, context } = await guest(browser);
  await page.goto("/sign-in");
  await page.getByLabel("E-mail", { exact: true }).focus();
  await page.keyboard.type(PEOPLE.delivery);
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Project Manager" })).toBeVisible();

  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await context.close();
});

test("menu, drawer and dialog by keyboard", async ({ browser, words }) => {
  const { page, context } = await signedIn(browser, "delivery", words);
  await page.goto("/projects/RR/tasks");
  const opener = page.getByRole("link", { name: "Ship to region North", exact: true });
  await opener.focus();
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("complementary", { name: "Ship to region North" });
  await expect(drawer).toBeVisible();
  await expect(drawer).toBeFocused();
  await expectAccessible(page);

  const menu = drawer.getByLabel("More actions");
  await menu.focus();
  await page.keyboard.press("Enter");
  await expect(drawer.getByRole("link", { name: "Add to CRM", exact: true }).last()).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  await expect(menu).toBeFocused();
  await drawer.focus();
  await page.keyboard.press("Escape");
  await expect(drawer).toHaveCount(0);
  await expect(opener).toBeFocused();

  await newTask(page, "RR");
  const dialog = page.getByRole("dialog");
  for (let press = 0; press < 30; press += 1) await page.keyboard.press("Tab");
  const isInside = await dialog.evaluate((own) => own.contains(document.activeElement) || document.activeElement === document.body);
  expect(isInside, "the focus stays in the dialog").toBe(true);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await context.close();
});

test("a form survives the end of the session", async ({ browser, words }) => {
  const { page, context } = await signedIn(browser, "delivery", words);
  const title = await newTask(page, "TP");
  await title.fill("Written before the session ended");
  await page.getByRole("dialog").getByLabel("Description", { exact: true }).fill("Two lines\nof text");
  await context.clearCookies();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your session has ended" })).toBeVisible();
  await expect(page.getByText("Your text is kept in this tab")).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("link", { name: "Sign in", exact: true }).click();
  await page.getByRole("button", { name: PEOPLE.delivery }).click();
  await expect(title).toHaveValue("Written before the session ended");
  await expect(page.getByText("Your text is back in the form. It is not saved yet.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("link", { name: "Written before the session ended", exact: true })).toHaveCount(1);
  await context.close();
});

test("a form that is sent twice makes one", async ({ browser, words }) => {
  const { page, context } = await signedIn(browser, "delivery", words);
  await (await newTask(page, "TP")).fill("Pressed twice");
  await page.getByRole("button", { name: "Save", exact: true }).dblclick();
  await expect(page.getByRole("link", { name: "Pressed twice", exact: true })).toHaveCount(1);
  await page.reload();
  await expect(page.getByRole("link", { name: "Pressed twice", exact: true })).toHaveCount(1);

  // The same form once more, as by Back and Save.
  await (await newTask(page, "TP")).fill("Sent again");
  const sent = await page.getByRole("dialog").locator("form").evaluate((form) => {
    const own = form as HTMLFormElement;
    const fields = [...new FormData(own)].map(([name, value]) => [name, String(value)]);
    return { address: own.action, body: new URLSearchParams(fields as [string, string][]).toString() };
  });
  for (let time = 0; time < 2; time += 1) {
    await page.evaluate(
      ({ address, body }) => fetch(address, { method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded" } }),
      sent,
    );
  }
  await page.goto("/projects/TP/tasks");
  await expect(page.getByRole("link", { name: "Sent again", exact: true })).toHaveCount(1);
  await context.close();
});

test("two people change the same title: nothing is overwritten", async ({ browser, words }) => {
  const first = await signedIn(browser, "delivery", words);
  const second = await signedIn(browser, "administrator", words);
  const address = "/projects/TP/tasks/TP-4/edit";
  const title = (page: Page) => page.getByLabel("Task title", { exact: true });
  for (const { page } of [first, second]) await page.goto(address);
  await title(first.page).fill("Record the videos");
  await first.page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(first.page).toHaveURL((own) => own.pathname.endsWith("/TP-4"));
  await title(second.page).fill("Record short videos");
  await second.page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(second.page.getByRole("alert")).toContainText("Project Manager changed this while you were typing");
  await expect(second.page.getByRole("main")).toContainText("Record the videos");
  await expect(second.page.getByRole("main")).toContainText("Record short videos");
  await expectAccessible(second.page);
  await second.page.getByRole("radio", { name: "Record short videos" }).check();
  await second.page.getByRole("button", { name: "Save my choice" }).click();
  await second.page.goto("/projects/TP/tasks/TP-4");
  await expect(second.page.getByRole("heading", { level: 1, name: "Record short videos" })).toBeVisible();
  for (const { context } of [first, second]) await context.close();
});

test("a wrong form says what is wrong and keeps what was typed", async ({ browser, words }) => {
  const { page, context } = await signedIn(browser, "delivery", words);
  const title = await newTask(page, "TP");
  await page.getByRole("dialog").getByLabel("Description", { exact: true }).fill("No title yet");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("One field needs your attention");
  await expect(title).toBeFocused();
  await expect(title).toHaveAccessibleDescription(/Fill in this field/);
  await expect(page.getByRole("dialog").getByLabel("Description", { exact: true })).toHaveValue("No title yet");
  await expectAccessible(page);
  await context.close();
});

test("language and sign-out", async ({ browser, words }) => {
  const { page, context } = await signedIn(browser, "account", words);
  await page.goto("/crm/deals");
  await openAccountMenu(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "简体中文" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", /^zh/);
  await expect(page.getByRole("heading", { level: 1, name: "交易" })).toBeVisible();
  await expect(page).toHaveURL(/\/crm\/deals$/);
  await expect(page.getByRole("link", { name: "Ward Wi-Fi routers", exact: true })).toBeVisible();
  await openAccountMenu(page);
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Deals" })).toBeVisible();

  await openAccountMenu(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto("/crm/deals");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await context.close();
});

test("the line is lost and comes back", async ({ browser, words }) => {
  const { page, context } = await signedIn(browser, "delivery", words);
  await page.goto("/projects/RR/tasks/RR-3");
  await context.setOffline(true);
  const strip = page.getByText("No connection to Lockstep.");
  await expect(strip).toBeVisible();
  await context.setOffline(false);
  await expect(strip).toBeHidden();
  await context.close();
});

test("without script: sign in, add a task, add it to the CRM", async ({ browser }) => {
  const { page, context } = await guest(browser, { javaScriptEnabled: false });
  await page.goto("/sign-in");
  await page.getByLabel("E-mail", { exact: true }).fill(PEOPLE.delivery);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Project Manager" })).toBeVisible();

  await (await newTask(page, "HW")).fill("Count the wards");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("link", { name: "Count the wards", exact: true }).click();
  await page.getByLabel("More actions").click();
  await page.getByRole("link", { name: "Add to CRM", exact: true }).first().click();
  await expect(page.getByText("Mapped accounts", { exact: true })).toBeVisible();
  await page.getByRole("radio", { name: /^Hospital Customer/ }).check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.goto("/projects/HW/tasks");
  const row = page.getByRole("row").filter({ hasText: "Count the wards" });
  await expect(row.getByRole("link", { name: "Hospital Customer" })).toBeVisible();

  await (await newTask(page, "HW")).fill("Count the floors");
  await page.getByRole("button", { name: "Save and add to CRM" }).click();
  await page.getByRole("radio", { name: /^Hospital Customer/ }).check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const second = page.getByRole("row").filter({ hasText: "Count the floors" });
  await expect(second.getByRole("link", { name: "Hospital Customer" })).toBeVisible();
  await context.close();
});
