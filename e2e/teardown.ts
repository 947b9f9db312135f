// Removes the data and the mails of the run.
import fs from "node:fs";

export default function teardown(): void {
  const folder = process.env["LOCKSTEP_E2E_FOLDER"];
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
}
