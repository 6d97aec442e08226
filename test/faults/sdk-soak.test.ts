import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { runSdkSoak } from "./sdk-soak.ts";

const directory = mkdtempSync(join(tmpdir(), "throughline-soak-"));
afterAll(() => rmSync(directory, { recursive: true }));

it(
  "delivers every event of a host while the gateway comes and goes, in flat memory",
  { timeout: 120_000 },
  async () => {
    const checks = await runSdkSoak({ directory, events: 60_000, say: () => undefined });

    expect(checks.filter(({ finding }) => finding !== "")).toEqual([]);
  },
);
