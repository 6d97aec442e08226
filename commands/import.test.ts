import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ImportOptions, importFiles } from "./import.ts";
import { createLines } from "./import-progress.ts";

const CSV = "case,activity,time\nc1,Create Purchase Order,2026-03-02T09:00:00Z\nc1,Ship,soon\nc1,Ship,later\n";

describe("throughline import", () => {
  let directory = "";
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "throughline-import-"));
    writeFileSync(join(directory, "log.csv"), CSV);
    writeFileSync(join(directory, "good.csv"), CSV.split("\n").slice(0, 2).join("\n"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const run = async (files: string[], options: Partial<ImportOptions> = {}) => {
    const written: string[] = [];
    const exitCode = await importFiles(
      files.map((file) => join(directory, file)),
      {
        gateway: "http://127.0.0.1:9",
        resume: false,
        state: join(directory, "state"),
        dryRun: true,
        json: false,
        ...options,
      },
      {
        write: (text) => written.push(text),
        progress: createLines((line) => written.push(line)),
        signal: new AbortController().signal,
      },
    );
    return { exitCode, output: written.join("").replaceAll(directory, "DIR") };
  };

  test("says what became of the records, and ends with 2 when some were refused", async () => {
    const refused = join(directory, "refused.ndjson");
    const { exitCode, output } = await run(["log.csv"], { refused });
    expect(exitCode).toBe(2);
    expect(output.trimEnd().split("\n")).toEqual([
      "DIR/log.csv: 3 records read, 1 would be sent, 0 of them duplicates, 2 refused",
      "  /import/log/log: 1 events, last at 2026-03-02T09:00:00.000Z",
      '  refused 2: the time "soon" is not a date and time (records 2, 3)',
    ]);
    expect(
      readFileSync(refused, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { file: join(directory, "log.csv"), record: 2, reason: 'the time "soon" is not a date and time' },
      { file: join(directory, "log.csv"), record: 3, reason: 'the time "later" is not a date and time' },
    ]);
  });

  test("imports several files, and ends with 0 when all was taken", async () => {
    const { exitCode, output } = await run(["good.csv", "good.csv"], { json: true });
    expect(exitCode).toBe(0);
    expect(
      output
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toMatchObject([{ read: 1, accepted: 1, types: { "imported.purchase_order.create": 1 } }, { read: 1 }]);
  });

  test("knows the mappings that come along by name, and names what is wrong with others", async () => {
    await expect(run(["good.csv"], { mapping: "bpi2019" })).resolves.toMatchObject({ exitCode: 2 });
    await expect(run(["good.csv"], { mapping: "none" })).rejects.toThrow("There is no mapping none.");
    const mapping = join(directory, "wrong.yaml");
    writeFileSync(mapping, 'name: wrong\ntitle: Wrong\nobjects: [{ type: item, id: "{thing.a}" }]\n');
    await expect(run(["good.csv"], { mapping })).rejects.toThrow(
      /wrong\.yaml:3:29: id names the field "thing.a", which is not/,
    );
  });

  test("wants a reason for a revision", async () => {
    await expect(run(["good.csv"], { revision: 1 })).rejects.toThrow("belong together");
  });
});
