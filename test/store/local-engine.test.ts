import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { afterAll, describe, expect, it } from "vitest";

const directories: string[] = [];
const createDirectory = () => {
  const directory = mkdtempSync(join(tmpdir(), "throughline-engine-"));
  directories.push(directory);
  return directory;
};

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

describe("the local engine", () => {
  it("is started again after it was killed, with its data, on the same address", async () => {
    const restarts: unknown[] = [];
    const engine = await startLocalEngine({
      directory: createDirectory(),
      memoryBytes: 2e9,
      onRestart: (restart) => restarts.push(restart),
    });
    await prepareStore(engine.connection);
    const writer = createWriter(engine.connection);
    await writer.command({ query: "INSERT INTO audit_log (at, actor) VALUES (now64(3), 'before')" });
    process.kill(engine.pid() ?? 0, "SIGKILL");
    await expect.poll(() => restarts.length, { timeout: 10_000 }).toBe(1);
    const count = () =>
      writer
        .query({ query: "SELECT count() AS count FROM audit_log", format: "JSONEachRow" })
        .then((result) => result.json<{ count: string }>())
        .then(([row]) => Number(row?.count))
        .catch(() => undefined);
    await expect.poll(count, { timeout: 20_000 }).toBe(1);
    await writer.close();
    await engine.stop();
  });

  it("does not take another engine on its port for itself", async () => {
    const directory = createDirectory();
    const first = await startLocalEngine({ directory, memoryBytes: 2e9 });
    const port = Number(new URL(first.connection.url).port);
    await expect(
      startLocalEngine({ directory: createDirectory(), memoryBytes: 2e9, httpPort: port }),
    ).rejects.toMatchObject({ code: "unavailable" });
    await first.stop();
  });

  it("gives its built-in user no table, and lets no one in with a wrong password", async () => {
    const engine = await startLocalEngine({ directory: createDirectory(), memoryBytes: 2e9 });
    await prepareStore(engine.connection);
    const ask = async (user: string, password: string) => {
      const response = await fetch(`${engine.connection.url}/?user=${user}&password=${password}`, {
        method: "POST",
        body: "SELECT count() FROM throughline.events",
      });
      return response.text();
    };
    expect(await ask("default", "")).toContain("ACCESS_DENIED");
    expect(await ask("throughline_writer", "guess")).toContain("AUTHENTICATION_FAILED");
    await engine.stop();
  });

  it("keeps a query that wants more memory than it may have from taking it", async () => {
    const engine = await startLocalEngine({ directory: createDirectory(), memoryBytes: 1e9 });
    await prepareStore(engine.connection);
    const writer = createWriter(engine.connection);
    const greedy = "SELECT length(groupArray(repeat('x', 1000))) FROM numbers(20000000) SETTINGS max_threads = 1";
    await expect(writer.query({ query: greedy }).then((result) => result.text())).rejects.toThrow(/memory/i);
    await writer.close();
    await engine.stop();
  });
});
