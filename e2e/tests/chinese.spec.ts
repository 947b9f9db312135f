// SC-80: the pages in Chinese, with Chinese data.
import { expect, type Page } from "@playwright/test";
import { expectGoodPage, expectNoOverflow, guest, signedIn, test } from "../lockstep";

/** Words that are the same in both languages: names of products, keys of tasks, codes. */
const FOREIGN = /CRM|Zylker|Lockstep|Zoho|Wi-Fi|Skype ID|SIC|Enter|Esc|English|Ward|Wards|Invoice|Customer|Spare/g;

/** English words that a person would read on this page. */
async function englishOn(page: Page): Promise<string[]> {
  const text = await page.locator("body").innerText();
  const own = text
    .replace(/[\w.+-]+@[\w.-]+|https?:\/\/\S+|\b\d*[A-Z]{1,5}-\d+\b/g, " ")
    .replace(FOREIGN, " ");
  return own.match(/\b(?:Add|Save|Cancel|Edit|Delete|Search|Filter|Owner|Status|Priority|Due|Start|End|Tasks?|Projects?|Deals?|Accounts?|Contacts?|Settings|Closed|Open|Sign|Home|Why|Change|Show|New|the|and|not|was|is)\b[^\n]{0,20}/g) ?? [];
}

test("SC-80 no English word is left, and nothing is cut off on a phone", async ({ browser, words }) => {
  test.setTimeout(180_000);
  const { page, context } = await signedIn(browser, "salesInChina", words, { viewport: { width: 375, height: 812 } });
  const places = [
    "/",
    "/account",
    "/projects",
    "/projects/RR/tasks",
    "/projects/RR/tasks/new",
    "/projects/RR/tasks/RR-9",
    "/projects/RR/tasks/RR-9/edit",
    "/projects/RR/tasks/RR-3/crm/new",
    "/projects/RR/users",
    "/projects/RR/client",
    "/projects/RR/activity",
    "/crm/leads",
    "/crm/accounts",
    "/crm/contacts",
    "/crm/deals",
    "/crm/tasks",
    "/crm/deals/new",
    "/bridge/activity",
  ];
  for (const place of places) {
    await page.goto(place);
    await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
    await expectNoOverflow(page);
    const english = (await englishOn(page)).filter((found) => !/^(the|and|not|was|is)\b/.test(found) || place !== "/account");
    expect.soft(english, `English on ${place}`).toEqual([]);
  }
  await context.close();
});

test("SC-80 the words of the form, the picker and the search", async ({ browser, words }) => {
  const { page, context } = await signedIn(browser, "salesInChina", words);
  await page.goto("/projects/RR/tasks");
  await page.getByRole("searchbox").fill("路由器");
  await page.getByRole("searchbox").press("Enter");
  for (const title of ["订购 1,200 台路由器", "在仓库预配置路由器"]) {
    await expect(page.getByRole("link", { name: title, exact: true })).toBeVisible();
  }
  await expect(page.getByRole("link", { name: "客户验收", exact: true })).toHaveCount(0);

  await page.goto("/projects/RR/tasks");
  await page.getByRole("link", { name: "添加任务", exact: true }).first().click();
  const form = page.getByRole("dialog");
  for (const label of ["任务标题", "任务描述", "结束日期", "优先级"]) await expect(form.getByLabel(label, { exact: true })).toBeVisible();
  await expect(form.getByLabel("任务负责人", { exact: true }).first()).toBeVisible();
  await expect(form.getByLabel("优先级", { exact: true }).getByRole("option")).toHaveText(["高", "中", "低", "无"]);
  await expectGoodPage(page);
  await form.getByLabel("任务标题", { exact: true }).fill("核对机柜");
  await form.getByRole("button", { name: "保存并添加到 CRM", exact: true }).click();
  await expect(page.getByText("已映射账户", { exact: true })).toBeVisible();
  await expect(page.getByRole("radio", { name: /^软件客户/ })).toBeVisible();
  await expectGoodPage(page);
  await page.getByRole("button", { name: "保存", exact: true }).click();
  const row = page.getByRole("row").filter({ hasText: "核对机柜" });
  await expect(row.getByRole("link", { name: /已同步/ })).toBeVisible();

  await page.goto("/projects/RR/tasks/RR-10");
  await page.getByRole("main").getByLabel("更多操作").click();
  await expect(page.getByRole("link", { name: "添加到 CRM", exact: true }).first()).toBeVisible();
  await context.close();
});

test("the picker has both groups of accounts", async ({ browser, words }) => {
  const { page, context } = await signedIn(browser, "delivery", words);
  await page.goto("/projects/HW/tasks/HW-1/crm/new");
  await expect(page.getByText("已映射账户", { exact: true })).toBeVisible();
  await expect(page.getByText("未映射账户", { exact: true })).toBeVisible();
  await expectGoodPage(page);
  await context.close();
});

test("the sign-in page speaks the language that is chosen there", async ({ browser }) => {
  const { page, context } = await guest(browser);
  await page.goto("/sign-in");
  await page.getByRole("combobox").selectOption("zh-CN");
  await expect(page.getByRole("heading", { level: 1, name: "登录 Zylker" })).toBeVisible();
  await expectGoodPage(page);
  await context.close();
});
