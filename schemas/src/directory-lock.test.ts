import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lockDirectory } from "./directory-lock.ts";

const MODULE = join(import.meta.dirname, "directory-lock.ts");

describe("the lock of a directory", () => {
  const directory = mkdtempSync(join(tmpdir(), "lock-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  it("refuses a second holder until the first releases it", () => {
    const release = lockDirectory(directory, "The log");

    expect(() => lockDirectory(directory, "The log")).toThrow("The log in");
    release();
    lockDirectory(directory, "The log")();
  });

  it("refuses another process, and is free again when its holder is killed", async () => {
    const hold = `import { lockDirectory } from ${JSON.stringify(MODULE)}; lockDirectory(process.argv[1], "The log"); process.stdout.write("held"); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ["--input-type=module", "-e", hold, directory]);
    await once(holder.stdout, "data");

    expect(() => lockDirectory(directory, "The log")).toThrow("in use by another process");
    holder.kill("SIGKILL");
    await once(holder, "exit");
    const release = lockDirectory(directory, "The log");
    const attempt = `import { lockDirectory } from ${JSON.stringify(MODULE)}; try { lockDirectory(process.argv[1], "The log"); } catch (error) { process.stdout.write(error.code); }`;
    expect(execFileSync(process.execPath, ["--input-type=module", "-e", attempt, directory]).toString()).toBe(
      "conflict",
    );
    release();
  });
});
