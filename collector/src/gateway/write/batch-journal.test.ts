import { appendFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { realDisk } from "../log/disk.ts";
import { createFolders } from "../log/log.fixture.ts";
import { type BatchBounds, type BatchJournal, openBatchJournal } from "./batch-journal.ts";

const folders = createFolders();
afterAll(() => folders.removeAll());

const toBounds = (batch: number): BatchBounds => ({
  batch,
  segment: 1,
  start: batch * 100,
  end: batch * 100 + 100,
  firstPosition: batch * 10,
  lastPosition: batch * 10 + 9,
});

async function withJournal<T>(directory: string, use: (journal: BatchJournal) => Promise<T>): Promise<T> {
  const journal = await openBatchJournal(directory, realDisk);
  try {
    return await use(journal);
  } finally {
    await journal.close();
  }
}

const readState = (directory: string) =>
  withJournal(directory, async ({ open, committed }) => ({
    open: open.map(({ batch }) => batch),
    committed: committed?.batch,
  }));

/** Three batches begun, the first of them stored. */
async function makeJournal() {
  const directory = folders.make();
  await withJournal(directory, async (journal) => {
    for (const batch of [1, 2, 3]) await journal.begin(toBounds(batch));
    await journal.commit(toBounds(1));
  });
  return { directory, path: join(directory, "batches.log") };
}

describe("the journal of batches", () => {
  it("knows after a restart what was begun and what is stored", async () => {
    const { directory } = await makeJournal();

    expect(await readState(directory)).toEqual({ open: [2, 3], committed: 1 });
    expect(await readState(directory)).toEqual({ open: [2, 3], committed: 1 });
  });

  it("is empty in a new directory", async () => {
    expect(await readState(folders.make())).toEqual({ open: [], committed: undefined });
  });

  it("knows all that was begun wherever its last line was cut", async () => {
    const directory = folders.make();
    const path = join(directory, "batches.log");
    const sizes = await withJournal(directory, async (journal) => {
      await journal.begin(toBounds(1));
      const begun = readFileSync(path).length;
      await journal.begin(toBounds(2));
      return { begun, whole: readFileSync(path).length };
    });
    const whole = readFileSync(path);
    for (let size = sizes.begun; size <= sizes.whole; size++) {
      writeFileSync(path, whole);
      truncateSync(path, size);
      expect(await readState(directory)).toEqual({ open: size < sizes.whole - 1 ? [1] : [1, 2], committed: undefined });
    }
  });

  it("keeps what is begun and what is stored at the same moment", async () => {
    const directory = folders.make();
    await withJournal(directory, async (journal) => {
      await journal.begin(toBounds(1));
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => [
          journal.begin(toBounds(index + 2)),
          journal.commit(toBounds(index + 1)),
        ]).flat(),
      );
    });

    expect(await readState(directory)).toEqual({ open: [51], committed: 50 });
  });

  it("stays small however many batches are stored", async () => {
    const directory = folders.make();
    await withJournal(directory, async (journal) => {
      for (let batch = 1; batch <= 4000; batch++) await journal.commit(toBounds(batch));
    });

    expect(readFileSync(join(directory, "batches.log")).length).toBeLessThan(1_100_000);
    expect(await readState(directory)).toEqual({ open: [], committed: 4000 });
  });

  it("stops when a line before a begun batch is damaged", async () => {
    const { directory, path } = await makeJournal();
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace('"batch":2', '"batch":9'));

    await expect(readState(directory)).rejects.toMatchObject({ code: "store_mismatch" });
  });

  it("does not mind damage behind the last begun batch", async () => {
    const { directory, path } = await makeJournal();
    appendFileSync(path, "torn\ntorn");

    expect(await readState(directory)).toEqual({ open: [2, 3], committed: 1 });
  });

  it("stops when it is missing although segments were removed, which says that batches were stored", async () => {
    const { directory, path } = await makeJournal();
    rmSync(path);
    writeFileSync(join(directory, "segment-000000000002.log"), "");

    await expect(readState(directory)).rejects.toThrow("is missing");
  });
});
