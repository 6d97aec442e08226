import {
  appendFileSync,
  copyFileSync,
  cpSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { realDisk } from "./disk.ts";
import { type EventLog, openEventLog } from "./event-log.ts";
import { createFolders, readPositions, store, toCount } from "./log.fixture.ts";
import { recoverSegments } from "./recover.ts";
import { toSegmentPath } from "./segment.ts";

const folders = createFolders();
afterAll(() => folders.removeAll());

const MIB = 1024 * 1024;
const open = (directory: string, options: Partial<Parameters<typeof openEventLog>[0]> = {}) =>
  openEventLog({ directory, maxBytes: 64 * MIB, ...options });

async function withLog<T>(
  directory: string,
  use: (log: EventLog) => Promise<T>,
  options: Partial<Parameters<typeof openEventLog>[0]> = {},
): Promise<T> {
  const log = await open(directory, options);
  try {
    return await use(log);
  } finally {
    await log.close();
  }
}

describe("recovery", () => {
  /** A log of three requests, and the sizes of its file after each. */
  async function makeLog() {
    const directory = folders.make();
    const sizes: number[] = [];
    await withLog(directory, async (log) => {
      for (const ids of [["a"], ["b", "c"], ["d"]]) {
        await store(log, ids);
        sizes.push(log.end().offset);
      }
    });
    return { directory, sizes };
  }

  it("keeps every acknowledged row and drops only a torn tail, wherever the last write was cut", async () => {
    const { directory, sizes } = await makeLog();
    const [, acknowledged = 0, full = 0] = sizes;
    const id = await withLog(directory, async (log) => log.id);
    const scratch = folders.make();
    cpSync(directory, scratch, { recursive: true });
    for (let size = full; size >= acknowledged; size--) {
      copyFileSync(toSegmentPath(directory, 1), toSegmentPath(scratch, 1));
      truncateSync(toSegmentPath(scratch, 1), size);
      const recovered = await recoverSegments(scratch, id, realDisk);
      expect(recovered.nextPosition).toBe(size === full ? 5 : 4);
      expect(recovered.droppedBytes).toBe(size === full ? 0 : size - acknowledged);
    }
    await withLog(scratch, (log) => store(log, ["next"]));
    expect(await readPositions(scratch)).toEqual(toCount(1, 4));
  });

  it("keeps every acknowledged row whatever is left of the last write", async () => {
    const { directory, sizes } = await makeLog();
    const [, acknowledged = 0] = sizes;
    const scratch = folders.make();
    const damage = fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(300), async (changes, extra) => {
        cpSync(directory, scratch, { recursive: true, force: true });
        const path = toSegmentPath(scratch, 1);
        const bytes = Buffer.concat([readFileSync(path), Buffer.alloc(extra)]);
        for (const [at, value] of changes) bytes[acknowledged + (at % (bytes.length - acknowledged))] = value;
        writeFileSync(path, bytes);
        await withLog(scratch, async () => undefined);
        const positions = await readPositions(scratch);
        expect(positions.slice(0, 3)).toEqual([1, 2, 3]);
        expect(positions.length).toBeLessThanOrEqual(4);
      }),
      { numRuns: 60 },
    );
  });

  it("drops a segment whose header was cut off, since nothing was written into it", async () => {
    const { directory } = await makeLog();
    const path = toSegmentPath(directory, 2);
    copyFileSync(toSegmentPath(directory, 1), path);
    truncateSync(path, 20);
    await withLog(directory, (log) => store(log, ["e"]));

    expect(await readPositions(directory)).toEqual(toCount(1, 5));
  });

  it.each([
    ["a byte of an acknowledged frame", (path: string, [first = 0]: number[]) => flip(path, first + 40)],
    ["the header of the segment", (path: string) => flip(path, 20)],
  ])("stops with the place when %s is damaged, and changes nothing", async (_, damage) => {
    const { directory, sizes } = await makeLog();
    const path = toSegmentPath(directory, 1);
    damage(path, sizes);
    const before = statSync(path).size;

    await expect(open(directory)).rejects.toMatchObject({ code: "store_mismatch" });
    await expect(open(directory)).rejects.toThrow(path);
    expect(statSync(path).size).toBe(before);
  });

  it("stops when a frame of a finished segment is damaged", async () => {
    const directory = folders.make();
    await withLog(
      directory,
      async (log) => {
        for (const id of toCount(1, 8)) await store(log, [`${id}`.repeat(20_000)]);
      },
      { maxBytes: MIB / 4 },
    );
    const path = toSegmentPath(directory, 1);
    flip(path, statSync(path).size - 10);

    await expect(open(directory)).rejects.toThrow("a frame is not sound");
  });

  it("stops when a segment in the middle is missing", async () => {
    const directory = folders.make();
    await withLog(
      directory,
      async (log) => {
        for (const id of toCount(1, 20)) await store(log, [`${id}`.repeat(20_000)]);
      },
      { maxBytes: MIB / 4 },
    );
    rmSync(toSegmentPath(directory, 2));

    await expect(open(directory)).rejects.toThrow("a segment is missing");
  });

  it("stops when the name of the log is lost or wrong", async () => {
    const { directory } = await makeLog();
    appendFileSync(join(directory, "log.json"), "x");
    await expect(open(directory)).rejects.toThrow("does not name a log");
    rmSync(join(directory, "log.json"));
    await expect(open(directory)).rejects.toThrow("is missing beside the segments");
  });
});

function flip(path: string, at: number) {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 255;
  writeFileSync(path, bytes);
}
