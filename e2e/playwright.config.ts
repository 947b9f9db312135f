// Browser tests against the built program with the demo data: one server for each project of the run, so that
// no test meets what another one has changed.
//
//   LOCKSTEP_BINARY     the program; else target/debug/lockstep
//   LOCKSTEP_CHROMIUM   the browser; else /usr/bin/chromium
//   LOCKSTEP_E2E_PORT   the port of the first server, the others have the next ones; else 18137
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";
import type { Settings } from "./lockstep";
import type { Language } from "./words";

const here = path.dirname(fileURLToPath(import.meta.url));
const binary = process.env["LOCKSTEP_BINARY"] ?? path.join(here, "../target/debug/lockstep");
const port = Number(process.env["LOCKSTEP_E2E_PORT"] ?? "18137");

// This file is read by the runner and again by its worker, which inherits what the runner has set.
process.env["LOCKSTEP_E2E_FOLDER"] ??= fs.mkdtempSync(path.join(os.tmpdir(), "lockstep-e2e-"));
process.env["LOCKSTEP_DEMO_PASSWORD"] ??= "browser tests only";
const folder = process.env["LOCKSTEP_E2E_FOLDER"];

interface Server {
  name: string;
  language: Language;
  address: string;
  mails: string;
}
const servers = {
  story: server("story", "en", 0),
  chinese: server("chinese", "zh-CN", 1),
  pages: server("pages", "en", 2),
};

export default defineConfig<Settings>({
  testDir: "./tests",
  globalTeardown: "./teardown.ts",
  workers: 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env["CI"]),
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    locale: "en-GB",
    timezoneId: "Europe/Lisbon",
    viewport: { width: 1440, height: 900 },
    trace: { mode: "retain-on-failure", screenshots: false },
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env["LOCKSTEP_CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    // The longest first, so that both workers are busy to the end.
    { name: "pages", testMatch: ["pages.spec.ts", "use.spec.ts"], use: use(servers.pages) },
    { name: "story", testMatch: "story.spec.ts", use: use(servers.story) },
    {
      name: "chinese",
      testMatch: ["story.spec.ts", "chinese.spec.ts"],
      // Dark and narrow do not differ by language; chinese.spec.ts looks at a phone of its own.
      grepInvert: /the pages of the story/,
      use: use(servers.chinese),
    },
  ],
  webServer: Object.values(servers).map(started),
});

function server(name: string, language: Language, place: number): Server {
  return { name, language, address: `http://127.0.0.1:${port + place}`, mails: path.join(folder, name, "mail") };
}

function use({ address, language, mails }: Server) {
  return { baseURL: address, language, mails };
}

function started({ name, language, address, mails }: Server) {
  const options = [
    `--data "${path.join(folder, name, "data")}"`,
    `--listen ${new URL(address).host}`,
    `--mail-dir "${mails}"`,
    `--language ${language}`,
  ];
  return {
    command: `"${binary}" serve --demo ${options.join(" ")}`,
    name,
    url: `${address}/healthz`,
    env: { LOCKSTEP_DEMO_PASSWORD: process.env["LOCKSTEP_DEMO_PASSWORD"] ?? "" },
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM" as const, timeout: 10_000 },
    stdout: "pipe" as const,
    stderr: "pipe" as const,
    timeout: 120_000,
  };
}
