// The package as it would be published, but for one function that fails as a defect would: `testPanic`.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Builds it, and gives the folder in place of `dist`. */
export function buildPanicking() {
  const folder = mkdtempSync(join(tmpdir(), "orgdeck-panic-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const dist = join(folder, "dist");
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const command = ["xtask", "build", "--features", "test-panic", "--out", dist];
  execFileSync(process.env.CARGO ?? "cargo", command, { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  return dist;
}
