// The words of the pages. Those that the outside contract fixes stand here; the others are read from the message files,
// so that a test says what a person reads and not how a page is built.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export type Language = "en" | "zh-CN";

/** Names that checks from outside rely on. */
const CONTRACT = {
  addTask: ["Add task", "添加任务"],
  newProject: ["New project", "新建项目"],
  associateProject: ["Associate project", "关联项目"],
  mappedAccounts: ["Mapped accounts", "已映射账户"],
  unmappedAccounts: ["Unmapped accounts", "未映射账户"],
  saveAndAdd: ["Save and add to CRM", "保存并添加到 CRM"],
  addToCrm: ["Add to CRM", "添加到 CRM"],
  save: ["Save", "保存"],
  saveAnyway: ["Save anyway", "仍然保存"],
  why: ["Why?", "原因"],
} as const;

type Contract = { [name in keyof typeof CONTRACT]: string };
type Values = Record<string, string | number>;

export interface Words extends Contract {
  language: Language;
  /** The message of this id, with its values put in. */
  say: (id: string, values?: Values) => string;
  /** A date as the pages write it: with the year only if it is another one. */
  day: (iso: string) => string;
  /** The one that fits the language. */
  either: (english: string, chinese: string) => string;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function wordsOf(language: Language): Words {
  const messages = load(language);
  const isChinese = language === "zh-CN";
  const contract = Object.fromEntries(
    Object.entries(CONTRACT).map(([name, [english, chinese]]) => [name, isChinese ? chinese : english]),
  ) as unknown as Contract;
  return {
    ...contract,
    language,
    say: (id, values = {}) => {
      const message = messages.get(id);
      if (message === undefined) throw new Error(`There is no one-line message ${id} in ${language}`);
      return message.replace(/\{ \$(\w+) \}/g, (_, name: string) => {
        const value = values[name];
        if (value === undefined) throw new Error(`${id} needs ${name}`);
        return String(value);
      });
    },
    day: (iso) => {
      const [year, month, date] = iso.split("-").map(Number) as [number, number, number];
      const isOtherYear = year !== new Date().getFullYear();
      if (isChinese) return `${isOtherYear ? `${year}年` : ""}${month}月${date}日`;
      return `${date} ${MONTHS[month - 1]}${isOtherYear ? ` ${year}` : ""}`;
    },
    either: (english, chinese) => (isChinese ? chinese : english),
  };
}

/** Messages of one line; those with variants are of no use to a test that does not count. */
function load(language: Language): Map<string, string> {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const folder = path.join(here, "../crates/i18n/messages", language);
  const messages = new Map<string, string>();
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith(".ftl")) continue;
    const text = fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8");
    for (const [, id, message] of text.matchAll(/^([a-z][\w-]*) = (.+)$/gm)) messages.set(id ?? "", message ?? "");
  }
  return messages;
}

/** An ISO date some days after another one. */
export function daysAfter(iso: string, days: number): string {
  const date = new Date(`${iso}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
