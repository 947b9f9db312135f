// Every page that a role is shown a link to: it answers, the browser does not complain, nothing lies beside the screen
// of a phone, and axe finds nothing.
import { expect } from "@playwright/test";
import { crawl } from "../crawl";
import { expectAccessible, violationsOn } from "../accessibility";
import { expectNoOverflow, guest, overflow, type Part, PEOPLE, signedIn, test } from "../lockstep";

// They only look: nothing that one of them does is in the way of another one.
test.describe.configure({ mode: "parallel" });

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

const ROLES: { part: Part; start: string[]; sees: string[]; never: RegExp }[] = [
  {
    part: "administrator",
    start: ["/", "/projects/DM/tasks/DM-10", "/projects/DM/tasks/DM-12", "/crm/deals?view=won", "/crm/tasks?view=all", "/setup/mails"],
    sees: [
      "/projects/{p}/tasks/{t}/crm/new",
      "/crm/deals/{id}/projects/new",
      "/crm/deals/{id}/projects/associate",
      "/crm/tasks/{id}/edit",
      "/bridge/activity",
      "/bridge/links/{id}",
      "/bridge/mapping",
      "/setup/users/portal",
      "/setup/users/crm",
      "/setup/mails",
    ],
    never: /^$/,
  },
  {
    part: "sales",
    start: ["/", "/crm/deals?view=won"],
    sees: ["/crm/deals/{id}", "/crm/deals/{id}/projects/new", "/projects/{p}/tasks", "/bridge/activity"],
    never: /^\/setup\/(users|api)|^\/bridge\/(mapping|connections)/,
  },
  {
    part: "delivery",
    start: ["/", "/projects/DM/tasks/DM-10"],
    sees: ["/projects/{p}/tasks/new", "/projects/{p}/tasks/{t}", "/projects/{p}/edit", "/bridge/activity"],
    never: /^\/crm\/|^\/setup\/(users|api)|^\/bridge\/(mapping|connections)/,
  },
  {
    part: "client",
    start: ["/", "/projects/DM/tasks/DM-10"],
    sees: ["/projects/{p}/tasks", "/projects/{p}/tasks/{t}"],
    never: /^\/(crm|setup|bridge)(\/|$)|\/crm\/|\/(delete|unlink|move)$|^\/projects\/(new|\{p\}\/edit)$/,
  },
];

for (const { part, start, sees, never } of ROLES) {
  test(`every page that is shown to: ${part}`, async ({ browser, words }) => {
    test.setTimeout(300_000);
    const { page, complaints, context } = await signedIn(browser, part, words);
    const { kinds } = await crawl(page, start, async (kind) => {
      await expect.soft(page.getByRole("heading", { level: 1 }), `one h1 on ${kind}`).toHaveCount(1);
      for (const size of [PHONE, WIDE]) {
        await page.setViewportSize(size);
        expect.soft(await overflow(page), `pixels beside the screen on ${kind} at ${size.width}`).toBeLessThanOrEqual(0);
        if (size === PHONE) expect.soft(await violationsOn(page, ["target-size"]), `targets on ${page.url()}`).toEqual([]);
      }
      expect.soft(await violationsOn(page), `accessibility of ${page.url()}`).toEqual([]);
    });
    for (const kind of sees) expect.soft(kinds, `pages that ${part} reaches`).toContain(kind);
    expect.soft(kinds.filter((kind) => never.test(kind)), `pages that are not offered to ${part}`).toEqual([]);
    expect.soft(complaints, "what the browser complained of").toEqual([]);
    await context.close();
  });
}

test("the pages before sign-in", async ({ browser }) => {
  const { page, complaints, context } = await guest(browser);
  for (const address of ["/sign-in", "/crm/deals", "/invitation/unknown", "/nowhere"]) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    for (const size of [PHONE, WIDE]) {
      await page.setViewportSize(size);
      await expectNoOverflow(page);
    }
    await expectAccessible(page);
  }
  await page.goto("/sign-in");
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByLabel("E-mail", { exact: true }).fill(PEOPLE.sales);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("E-mail or password is wrong.");
  await expectAccessible(page);
  // An answer that says "no" is an error to the console of the browser, and to nobody else.
  expect(complaints.filter((complaint) => !complaint.includes("status of 4"))).toEqual([]);
  await context.close();
});

test("a client user sees nothing of the CRM", async ({ browser, words }) => {
  const { page, context } = await signedIn(browser, "client", words);
  await page.goto("/projects/DM/tasks/DM-10");
  await expect(page.getByRole("heading", { level: 1, name: "Cut over billing history" })).toBeVisible();
  await expect(page.getByText(/CRM/)).toHaveCount(0);
  await expect(page.getByText("Data migration services")).toHaveCount(0);
  await expect(page.getByText("The customer asks for ten more days")).toHaveCount(0);
  for (const address of ["/crm/deals", "/crm/tasks", "/bridge/activity", "/bridge/mapping", "/setup/mails", "/projects/DM/tasks/DM-4"]) {
    const answer = await page.goto(address);
    expect(answer?.status(), address).toBeGreaterThanOrEqual(403);
    await expect(page.getByRole("main")).not.toContainText(/Ward Wi-Fi|Data migration services|Map customer fields/);
  }
  await context.close();
});
