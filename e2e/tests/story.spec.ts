// The article's story in two browser sessions side by side: Sales in the CRM, Delivery in Projects. In both languages.
//
// What one of them changes, the other sees on a page that stays open and is never loaded again.
import { type Browser, expect, type Page } from "@playwright/test";
import { expectAccessible } from "../accessibility";
import { lettersTo } from "../letters";
import { expectGoodPage, PEOPLE, type Person, property, signedIn, test } from "../lockstep";
import { daysAfter, type Words } from "../words";

test.describe.configure({ mode: "serial" });

let sales: Person;
let delivery: Person;
let w: Words;

/** The project and the task of the story. */
const made = { project: "", projectPath: "", dealPath: "", task: "", taskPath: "", crmTaskPath: "" };

test.beforeAll(async ({ browser, words }) => {
  w = words;
  sales = await signedIn(browser, "sales", w);
  delivery = await signedIn(browser, "delivery", w);
  made.project = w.either("Ward Wi-Fi roll-out", "病房无线部署");
  made.task = w.either("Check the risers", "检查弱电井");
});

test.afterAll(async () => {
  for (const person of [sales, delivery]) {
    expect(person.complaints).toEqual([]);
    await person.context.close();
  }
});

const goTo = async (page: Page, path: string): Promise<void> => {
  if (new URL(page.url()).pathname !== path) await page.goto(path);
};

/** The same page, not loaded again while `change` happens on the other side. */
async function follows(watching: Person, change: () => Promise<void>, sees: () => Promise<void>): Promise<void> {
  const before = watching.loads();
  await change();
  await sees();
  expect(watching.loads(), "the page was not loaded again").toBe(before);
}

async function editCrmTask(page: Page, fill: () => Promise<void>): Promise<void> {
  await page.getByRole("link", { name: w.say("action-edit"), exact: true }).click();
  await fill();
  await page.getByRole("button", { name: w.save, exact: true }).click();
  await expect(page).toHaveURL(/\/crm\/tasks\/\d+$/);
}

async function editProjectTask(page: Page, fill: () => Promise<void>): Promise<void> {
  await page.getByRole("main").getByRole("link", { name: w.say("action-edit"), exact: true }).last().click();
  await fill();
  await page.getByRole("button", { name: w.save, exact: true }).click();
  await expect(page).toHaveURL((address) => /\/tasks\/[A-Z]+-\d+$/.test(address.pathname));
}

/** Both look at the task: Sales in the CRM, Delivery in Projects. */
async function lookAtTask(): Promise<void> {
  await goTo(sales.page, made.crmTaskPath);
  await goTo(delivery.page, made.taskPath);
}

test("SC-1 a won deal becomes a project", async () => {
  const { page } = sales;
  const deal = w.either("Ward Wi-Fi routers", "病房无线路由器");
  const client = w.either("Hospital Customer", "医院客户");

  await page.goto("/crm/deals?view=won");
  await expectGoodPage(page);
  await page.getByRole("link", { name: deal, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: deal })).toBeVisible();
  await expectGoodPage(page);
  made.dealPath = new URL(page.url()).pathname;
  const projects = page.getByRole("region", { name: w.say("crm-projects"), exact: true });
  const closing = await property(page, w.say("crm-field-closing")).getByRole("time").getAttribute("datetime");
  expect(closing).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  await projects.getByRole("link", { name: w.newProject }).click();

  const name = page.getByLabel(w.say("crm-project-name"), { exact: true });
  const start = page.getByLabel(w.say("crm-project-start-date"), { exact: true });
  await expect(name).toHaveValue(deal);
  await expect(start).toHaveValue(closing ?? "");
  await expect(page.getByLabel(w.say("crm-project-overview"), { exact: true })).toHaveValue("Wards 2 and 5 first.");
  await expect(page.getByRole("region", { name: w.say("crm-part-client"), exact: true })).toContainText(client);
  const users = page.getByRole("region", { name: w.say("crm-part-users"), exact: true });
  await expect(users.getByRole("checkbox", { name: PEOPLE.administrator })).toHaveCount(0);
  await expect(users).toContainText(w.say("crm-user-fixed"));
  await expectGoodPage(page);

  await name.fill(made.project);
  await page.getByLabel(w.say("crm-project-end-date"), { exact: true }).fill(daysAfter(closing ?? "", 120));
  const owner = w.either("Project Manager", "项目经理");
  await page.getByLabel(w.say("crm-field-owner"), { exact: true }).selectOption({ label: owner });
  await users.getByRole("checkbox", { name: PEOPLE.account }).check();
  await users.getByRole("checkbox", { name: PEOPLE.sales }).check();
  const preview = page.getByRole("complementary", { name: w.say("crm-preview-title") });
  await expect(preview).toContainText(made.project);
  await page.getByRole("button", { name: w.say("crm-create-project") }).click();

  await expect(page).toHaveURL(new RegExp(`${made.dealPath}$`));
  const row = projects.getByRole("row").filter({ hasText: made.project });
  await expect(row).toContainText(owner);
  await expect(row).toContainText("0%");
  await expect(row).toContainText(w.day(closing ?? ""));
  await expectGoodPage(page);
});

test("SC-14 a task is saved and added to the CRM", async () => {
  const { page } = delivery;
  const account = w.either("Hospital Customer", "医院客户");
  const deal = w.either("Ward Wi-Fi routers", "病房无线路由器");

  await page.goto("/projects");
  await expectGoodPage(page);
  await page.getByRole("main").getByRole("link", { name: made.project, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: made.project })).toBeVisible();
  await expectGoodPage(page);
  made.projectPath = new URL(page.url()).pathname.replace(/\/tasks$/, "");
  await page.getByRole("link", { name: w.addTask, exact: true }).first().click();

  const form = page.getByRole("dialog");
  await form.getByLabel(w.say("task-title"), { exact: true }).fill(made.task);
  await form.getByLabel(w.say("task-description"), { exact: true }).fill(w.either("Wards 2 and 5.", "2 号和 5 号病房。"));
  await form.getByLabel(w.say("task-due"), { exact: true }).fill(daysAfter(today(), 10));
  await form.getByLabel(w.say("field-priority"), { exact: true }).selectOption({ label: w.say("priority-medium") });
  const owner = w.either("Account Manager", "客户经理");
  await form.getByLabel(w.say("task-owner"), { exact: true }).first().selectOption({ label: owner });
  await expectAccessible(page);
  await form.getByRole("button", { name: w.saveAndAdd }).click();

  const picker = page.getByRole("dialog");
  await expect(picker.getByText(w.mappedAccounts, { exact: true })).toBeVisible();
  await expect(picker.getByRole("radio", { name: new RegExp(`^${account}`) })).toBeVisible();
  await expectAccessible(page);
  await picker.getByRole("radio", { name: new RegExp(`^${deal}`) }).check();

  // Sales looks at the deal meanwhile: the task appears there by itself.
  await goTo(sales.page, made.dealPath);
  const tasks = sales.page.getByRole("region", { name: w.say("nav-crm-tasks"), exact: true });
  await expect(tasks.getByRole("link", { name: made.task })).toHaveCount(0);
  const save = () => picker.getByRole("button", { name: w.save, exact: true }).click();
  await follows(sales, save, () => expect(tasks.getByRole("link", { name: made.task, exact: true })).toBeVisible());

  const row = page.getByRole("row").filter({ hasText: made.task });
  await expect(row.getByRole("link", { name: deal })).toBeVisible();
  await row.getByRole("link", { name: made.task, exact: true }).click();
  await expect(page.getByText(w.say("sync-all-in-step"))).toBeVisible();
  await expectGoodPage(page);
  made.taskPath = new URL(page.url()).pathname;
  expect(made.taskPath).toMatch(/\/tasks\/[A-Z]+-\d+$/);

  await tasks.getByRole("link", { name: made.task, exact: true }).click();
  await expect(sales.page.getByRole("heading", { level: 1, name: made.task })).toBeVisible();
  await expectGoodPage(sales.page);
  made.crmTaskPath = new URL(sales.page.url()).pathname;
  await expect(property(sales.page, w.say("crm-field-owner"))).toContainText(owner);
  await expect(property(sales.page, w.say("crm-field-priority"))).toContainText(w.say("priority-normal"));
  await expect(sales.page.getByText(w.either("Wards 2 and 5.", "2 号和 5 号病房。"))).toBeVisible();
});

test("the title goes both ways", async () => {
  await lookAtTask();
  const second = w.either("Check the risers of ward 2", "检查 2 号病房的弱电井");
  const third = w.either("Check all risers", "检查所有弱电井");
  const inCrm = (title: string) => expect(sales.page.getByRole("heading", { level: 1, name: title, exact: true })).toBeVisible();
  const inProjects = (title: string) => expect(delivery.page.getByRole("heading", { name: title, exact: true })).toBeVisible();
  const changeInCrm = () => editCrmTask(sales.page, () => sales.page.getByLabel(w.say("crm-field-subject"), { exact: true }).fill(second));
  await follows(delivery, changeInCrm, () => inProjects(second));
  const change = () => editProjectTask(delivery.page, () => delivery.page.getByLabel(w.say("task-title"), { exact: true }).fill(third));
  await follows(sales, change, () => inCrm(third));
  made.task = third;
});

test("the description goes both ways", async () => {
  await lookAtTask();
  const second = w.either("First line\nSecond line", "第一行\n第二行");
  const third = w.either("Ask the night shift.", "请询问夜班。");
  const fillInCrm = () => sales.page.getByLabel(w.say("crm-field-description"), { exact: true }).fill(second);
  const lines = second.split("\n");
  await follows(delivery, () => editCrmTask(sales.page, fillInCrm), async () => {
    for (const line of lines) await expect(delivery.page.getByRole("main").getByText(line)).toBeVisible();
  });
  const fill = () => delivery.page.getByLabel(w.say("task-description"), { exact: true }).fill(third);
  await follows(sales, () => editProjectTask(delivery.page, fill), async () => {
    await expect(sales.page.getByText(third, { exact: true })).toBeVisible();
    await expect(sales.page.getByText(lines[0] ?? "")).toHaveCount(0);
  });
});

test("the due date goes both ways", async () => {
  await lookAtTask();
  const second = daysAfter(today(), 20);
  const third = daysAfter(today(), 30);
  const fillInCrm = () => sales.page.getByLabel(w.say("crm-field-due"), { exact: true }).fill(second);
  const sees = () => expect(property(delivery.page, w.say("task-due"))).toContainText(w.day(second));
  await follows(delivery, () => editCrmTask(sales.page, fillInCrm), sees);
  const fill = () => delivery.page.getByLabel(w.say("task-due"), { exact: true }).fill(third);
  const seesInCrm = () => expect(property(sales.page, w.say("crm-field-due"))).toContainText(w.day(third));
  await follows(sales, () => editProjectTask(delivery.page, fill), seesInCrm);
});

test("the priority goes both ways", async () => {
  await lookAtTask();
  const chooseInCrm = async () => {
    await sales.page.getByLabel(w.say("crm-field-priority"), { exact: true }).selectOption({ label: w.say("priority-highest") });
  };
  const sees = () => expect(property(delivery.page, w.say("field-priority"))).toContainText(w.say("priority-high"));
  await follows(delivery, () => editCrmTask(sales.page, chooseInCrm), sees);
  await expect(property(sales.page, w.say("crm-field-priority"))).toContainText(w.say("priority-highest"));
  const choose = async () => {
    await delivery.page.getByLabel(w.say("field-priority"), { exact: true }).selectOption({ label: w.say("priority-low") });
  };
  const seesInCrm = () => expect(property(sales.page, w.say("crm-field-priority"))).toContainText(w.say("priority-low"));
  await follows(sales, () => editProjectTask(delivery.page, choose), seesInCrm);
});

test("closing and reopening go both ways", async () => {
  await lookAtTask();
  const choose = (page: Page, label: string, value: string) => async () => {
    await page.getByRole("combobox", { name: label, exact: true }).selectOption({ label: value });
  };
  const inCrm = w.say("crm-field-status");
  const inProjects = w.say("field-status");
  const seesInCrm = (value: string) => () => expect(property(sales.page, inCrm)).toContainText(value);
  const sees = (value: string) => () => expect(property(delivery.page, inProjects)).toContainText(value);

  const begin = choose(sales.page, inCrm, w.say("crm-choice-in-progress"));
  await editCrmTask(sales.page, begin);
  const complete = choose(sales.page, inCrm, w.say("crm-choice-completed"));
  await follows(delivery, () => editCrmTask(sales.page, complete), sees(w.say("task-status-closed")));
  const open = choose(delivery.page, inProjects, w.say("task-status-open"));
  // The value before closing comes back, not just any open one.
  await follows(sales, () => editProjectTask(delivery.page, open), seesInCrm(w.say("crm-choice-in-progress")));
  const close = choose(delivery.page, inProjects, w.say("task-status-closed"));
  await follows(sales, () => editProjectTask(delivery.page, close), seesInCrm(w.say("crm-choice-completed")));
  const reopen = choose(sales.page, inCrm, w.say("crm-choice-not-started"));
  await follows(delivery, () => editCrmTask(sales.page, reopen), sees(w.say("task-status-open")));
});

test("the owner goes both ways", async () => {
  await lookAtTask();
  const salesManager = w.either("Sales Manager", "销售经理");
  const accountManager = w.either("Account Manager", "客户经理");
  const chooseInCrm = async () => {
    await sales.page.getByLabel(w.say("crm-field-owner"), { exact: true }).selectOption({ label: salesManager });
  };
  const sees = () => expect(property(delivery.page, w.say("task-owner"))).toContainText(salesManager);
  await follows(delivery, () => editCrmTask(sales.page, chooseInCrm), sees);
  const choose = async () => {
    await delivery.page.getByLabel(w.say("task-owner"), { exact: true }).last().selectOption({ label: accountManager });
  };
  const seesInCrm = () => expect(property(sales.page, w.say("crm-field-owner"))).toContainText(accountManager);
  await follows(sales, () => editProjectTask(delivery.page, choose), seesInCrm);
});

test("comments go both ways", async () => {
  await lookAtTask();
  const fromSales = w.either("The key is with the porter.", "钥匙在门卫处。");
  const fromDelivery = w.either("Thank you, we go on Monday.", "谢谢，我们周一去。");
  const write = (page: Page, label: string, text: string) => async () => {
    await page.getByRole("textbox", { name: label }).fill(text);
    await page.getByRole("button", { name: w.say("action-send"), exact: true }).click();
  };
  const sees = (page: Page, text: string) => () => expect(page.getByRole("article").filter({ hasText: text })).toHaveCount(1);
  await follows(delivery, write(sales.page, w.say("crm-write-linked-comment"), fromSales), sees(delivery.page, fromSales));
  await follows(sales, write(delivery.page, w.say("task-write-linked-comment"), fromDelivery), sees(sales.page, fromDelivery));
  await expectGoodPage(sales.page);
  await expectGoodPage(delivery.page);
});

test("a half-typed comment is left alone when the other side changes", async () => {
  await lookAtTask();
  const typed = w.either("I am still wri", "我还在写");
  const comment = delivery.page.getByRole("textbox", { name: w.say("task-write-linked-comment") });
  await comment.fill(typed);
  const later = daysAfter(today(), 40);
  const fillInCrm = () => sales.page.getByLabel(w.say("crm-field-due"), { exact: true }).fill(later);
  const sees = () => expect(property(delivery.page, w.say("task-due"))).toContainText(w.day(later));
  await follows(delivery, () => editCrmTask(sales.page, fillInCrm), sees);
  await expect(comment).toHaveValue(typed);
  await expect(comment).toBeFocused();
  await comment.fill("");
});

/** A CRM task of the demo data, opened by somebody from her list of open tasks or from all. */
async function openCrmTask(page: Page, subject: string): Promise<void> {
  await page.goto("/crm/tasks?view=all");
  await page.getByRole("searchbox").fill(subject);
  await page.getByRole("searchbox").press("Enter");
  await page.getByRole("link", { name: subject, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: subject })).toBeVisible();
}

/** Waits for one more letter to this address. */
async function nextLetter(folder: string, address: string, before: number): Promise<{ subject: string; text: string }> {
  await expect.poll(() => lettersTo(folder, address).length, { message: `a letter to ${address}` }).toBe(before + 1);
  const letter = lettersTo(folder, address).at(-1);
  if (!letter) throw new Error("the letter has gone");
  return letter;
}

test("SC-36, SC-38 a date outside of the strict project is explained, left out, refused and mailed", async ({ browser, mails }) => {
  const george = await signedIn(browser, "migration", w);
  const { page } = george;
  const project = w.either("Data Migration", "数据迁移");
  const subject = w.either("Cut over billing history", "切换账务历史数据");
  const renamed = w.either("Cut over the billing history", "切换全部账务历史数据");
  await openCrmTask(page, subject);
  await expectGoodPage(page);
  const due = property(page, w.say("crm-field-due"));
  const agreed = (await due.getByRole("time").getAttribute("datetime")) ?? "";
  await delivery.page.goto("/projects/DM/tasks/DM-10");

  await test.step("explained before saving", async () => {
    await page.getByRole("link", { name: w.say("action-edit"), exact: true }).click();
    const field = page.getByLabel(w.say("crm-field-due"), { exact: true });
    const last = (await field.getAttribute("max")) ?? "";
    expect(last, "the calendar ends with the project").toMatch(/^\d{4}-/);
    const outside = daysAfter(last, 6);
    await field.fill(outside);
    const warning = page.getByRole("status").filter({ hasText: w.say("crm-case-value", { value: w.day(outside) }) });
    await expect(warning).toContainText(project);
    await expect(warning.getByRole("button", { name: w.say("crm-use-last-day", { day: w.day(last) }) })).toBeVisible();
    await expectGoodPage(page);
  });

  await test.step("left out by Save", async () => {
    await page.getByLabel(w.say("crm-field-subject"), { exact: true }).fill(renamed);
    const save = () => page.getByRole("button", { name: w.save, exact: true }).click();
    const sees = () => expect(delivery.page.getByRole("heading", { level: 1, name: renamed })).toBeVisible();
    await follows(delivery, save, sees);
    await expect(page.getByRole("heading", { level: 1, name: renamed })).toBeVisible();
    await expect(due).toContainText(w.day(agreed));
    await expect(page.getByRole("main")).toContainText(w.say("crm-field-due"));
    await expectGoodPage(page);
    expect(lettersTo(mails, PEOPLE.migration), "nothing was refused, so nobody is told").toEqual([]);
  });

  const asked = await test.step("refused after Save anyway, set back", async () => {
    await page.getByRole("link", { name: w.say("action-edit"), exact: true }).first().click();
    const field = page.getByLabel(w.say("crm-field-due"), { exact: true });
    const outside = daysAfter((await field.getAttribute("max")) ?? "", 6);
    await field.fill(outside);
    await page.getByRole("button", { name: w.saveAnyway }).click();
    await expect(page.getByText(w.say("crm-not-applied-set-back")).first()).toBeVisible();
    await expect(due).toContainText(w.day(agreed));
    await expect(property(delivery.page, w.say("task-due"))).toContainText(w.day(agreed));
    await expectGoodPage(page);
    return outside;
  });

  await test.step("mailed to the person who did it", async () => {
    const letter = await nextLetter(mails, PEOPLE.migration, 0);
    for (const part of [renamed, project]) expect(letter.subject + letter.text).toContain(part);
    expect(letter.text).toContain(asked.slice(0, 4));
    if (w.language === "zh-CN") {
      for (const part of ["截止日期", "更新失败", "超出项目计划", "严格项目", "未生效"]) expect(letter.subject + letter.text).toContain(part);
    } else {
      expect(letter.text).toMatch(/due.date/i);
      expect(letter.text).toContain("failed");
      expect(letter.text).toContain("schedule");
    }
  });

  await test.step("the letter stands in the outbox", async () => {
    await page.getByRole("link", { name: w.say("crm-read-letter") }).first().click();
    await expect(page).toHaveURL(/\/setup\/mails\/\d+$/);
    await expect(page.getByRole("main")).toContainText(renamed);
    await expectGoodPage(page);
  });
  expect(george.complaints).toEqual([]);
  await george.context.close();
});

test("SC-43, SC-38 reopening below a closed parent is explained, refused and mailed", async ({ browser, mails }) => {
  const linda = await signedIn(browser, "account", w);
  const { page } = linda;
  const subject = w.either("List tables with personal data", "列出含个人数据的表");
  const parent = w.either("Inventory of legacy tables", "盘点旧系统数据表");
  const renamed = w.either("List all tables with personal data", "列出所有含个人数据的表");
  const before = lettersTo(mails, PEOPLE.account).length;
  await openCrmTask(page, subject);
  const status = property(page, w.say("crm-field-status"));
  await expect(status).toContainText(w.say("crm-choice-completed"));
  const reopen = async () => {
    await page.getByRole("link", { name: w.say("action-edit"), exact: true }).first().click();
    await page.getByLabel(w.say("crm-field-status"), { exact: true }).selectOption({ label: w.say("crm-choice-in-progress") });
    const warning = page.getByRole("status").filter({ hasText: w.say("crm-case-reopen") });
    await expect(warning).toContainText(parent);
  };

  await reopen();
  await expectGoodPage(page);
  await page.getByLabel(w.say("crm-field-subject"), { exact: true }).fill(renamed);
  await page.getByRole("button", { name: w.save, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: renamed })).toBeVisible();
  await expect(status).toContainText(w.say("crm-choice-completed"));
  await expectGoodPage(page);

  await reopen();
  await page.getByRole("button", { name: w.saveAnyway }).click();
  await expect(page.getByText(w.say("crm-not-applied-set-back")).first()).toBeVisible();
  await expect(status).toContainText(w.say("crm-choice-completed"));
  const letter = await nextLetter(mails, PEOPLE.account, before);
  expect(letter.text).toContain(parent);
  expect(letter.text).toContain(w.either("failed", "更新失败"));
  await delivery.page.goto("/projects/DM/tasks/DM-2");
  await expect(property(delivery.page, w.say("field-status"))).toContainText(w.say("task-status-closed"));
  await expectGoodPage(delivery.page);
  expect(linda.complaints).toEqual([]);
  await linda.context.close();
});

test("Why? tells what was asked, refused and set back", async () => {
  await delivery.page.goto("/projects/DM/tasks/DM-10");
  await delivery.page.getByRole("link", { name: w.why, exact: true }).click();
  await expect(delivery.page).toHaveURL(/\/bridge\/links\/\d+$/);
  await expect(delivery.page.getByRole("main")).toContainText(w.either("Migration Lead", "迁移负责人"));
  await expectGoodPage(delivery.page);
});

for (const view of [
  { name: "in the dark", options: { colorScheme: "dark" as const } },
  { name: "on a phone", options: { viewport: { width: 390, height: 844 } } },
]) {
  test(`the pages of the story ${view.name}`, async ({ browser }) => {
    await walk(browser, view.options);
  });
}

async function walk(browser: Browser, options: Parameters<typeof signedIn>[3]): Promise<void> {
  const places = {
    sales: ["/", "/crm/deals", made.dealPath, `${made.dealPath}/projects/new`, made.crmTaskPath, `${made.crmTaskPath}/edit`],
    delivery: ["/", "/projects", `${made.projectPath}/tasks`, `${made.projectPath}/tasks/new`, made.taskPath, `${made.taskPath}/edit`],
  };
  for (const part of ["sales", "delivery"] as const) {
    const person = await signedIn(browser, part, w, options);
    for (const place of places[part]) {
      await person.page.goto(place);
      await expectGoodPage(person.page);
    }
    expect(person.complaints).toEqual([]);
    await person.context.close();
  }
}

/** Today in the time zone that the browsers of the run are set to. */
function today(): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Lisbon" }).format(new Date());
}
