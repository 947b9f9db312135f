// Browser tests against the built program with the demo data: one server, one browser, one worker.
//
//   LOCKSTEP_BINARY     the program; else target/debug/lockstep
//   LOCKSTEP_CHROMIUM   the browser; else /usr/bin/chromium
//   LOCKSTEP_E2E_PORT   the port; else 18137
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";

const here = path.dirname(fileURLToPath(import.meta.url));
const binary = process.env["LOCKSTEP_BINARY"] ?? path.join(here, "../target/debug/lockstep");
const address = `127.0.0.1:${process.env["LOCKSTEP_E2E_PORT"] ?? "18137"}`;

// This file is read by the runner and again by its worker, which inherits what the runner has set.
process.env["LOCKSTEP_E2E_FOLDER"] ??= fs.mkdtempSync(path.join(os.tmpdir(), "lockstep-e2e-"));
process.env["LOCKSTEP_DEMO_PASSWORD"] ??= "browser tests only";
const folder = process.env["LOCKSTEP_E2E_FOLDER"];
const mails = path.join(folder, "mail");

export default defineConfig({
  testDir: "./tests",
  globalTeardown: "./teardown.ts",
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env["CI"]),
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    baseURL: `http://${address}`,
    locale: "en-GB",
    timezoneId: "Europe/Lisbon",
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
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
  webServer: {
    command: `"${binary}" serve --demo --data "${path.join(folder, "data")}" --listen ${address} --mail-dir "${mails}"`,
    url: `http://${address}/healthz`,
    env: { LOCKSTEP_DEMO_PASSWORD: process.env["LOCKSTEP_DEMO_PASSWORD"] },
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM", timeout: 10_000 },
    stdout: "pipe",
    stderr: "pipe",
    timeout: 60_000,
  },
});
