import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { runCrashCampaign } from "./crash.ts";

const directory = mkdtempSync(join(tmpdir(), "throughline-faults-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it("loses and doubles nothing when gateway and engine are killed under load", { timeout: 120_000 }, async () => {
  const checks = await runCrashCampaign({ directory, kills: 3, seed: 3, say: () => undefined });

  expect(checks.filter(({ finding }) => finding !== "")).toEqual([]);
  expect(checks.length).toBeGreaterThan(12);
});
