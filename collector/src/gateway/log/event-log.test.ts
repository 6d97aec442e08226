import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { type Disk, realDisk } from "./disk.ts";
import { type EventLog, openEventLog } from "./event-log.ts";
import { createFolders, readPositions, store, toCount } from "./log.fixture.ts";
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

/** A disk on which writes or syncs fail for as long as `fault` says so. */
function createFaultyDisk() {
  const fault: { on: "write" | "sync" | "create" | "truncate" | undefined; code: string; writtenBytes: number } = {
    on: undefined,
    code: "ENOSPC",
    writtenBytes: 0,
  };
  const fail = () => Promise.reject(Object.assign(new Error(`${fault.code}: injected`), { code: fault.code }));
  const wrap = async (file: ReturnType<Disk["open"]>) => {
    const real = await file;
    return {
      write: async (bytes: Uint8Array, at: number) => {
        if (fault.on !== "write") return real.write(bytes, at);
        await real.write(bytes.subarray(0, fault.writtenBytes), at);
        return fail();
      },
      sync: () => (fault.on === "sync" ? fail() : real.sync()),
      close: () => real.close(),
    };
  };
  const disk: Disk = {
    ...realDisk,
    create: (path) => (fault.on === "create" ? fail() : wrap(realDisk.create(path))),
    open: (path) => wrap(realDisk.open(path)),
    truncate: (path, size) => (fault.on === "truncate" ? fail() : realDisk.truncate(path, size)),
  };
  return { disk, fault };
}

describe("the write-ahead log", () => {
  it("gives rows dense positions, also after it was opened again", async () => {
    const directory = folders.make();
    const first = await withLog(directory, async (log) => {
      await store(log, ["a", "b"]);
      await store(log, ["c"]);
      return log.id;
    });
    const second = await withLog(directory, async (log) => {
      await store(log, ["d"]);
      return log.id;
    });

    expect(second).toBe(first);
    expect(await readPositions(directory)).toEqual([1, 2, 3, 4]);
  });

  it("lets requests that come together share a sync", async () => {
    const directory = folders.make();
    let syncs = 0;
    await withLog(directory, (log) => Promise.all(toCount(1, 200).map((id) => store(log, [String(id)]))), {
      onSync: () => syncs++,
    });

    expect(await readPositions(directory)).toEqual(toCount(1, 200));
    expect(syncs).toBeLessThan(5);
  });

  it("acknowledges nothing before it is on the disk itself", async () => {
    const held = Promise.withResolvers<void>();
    const hold = async (file: ReturnType<Disk["open"]>) => {
      const real = await file;
      return { ...real, sync: () => held.promise.then(() => real.sync()) };
    };
    const directory = folders.make();
    await withLog(directory, async () => undefined);
    await withLog(
      directory,
      async (log) => {
        let isAcknowledged = false;
        const stored = store(log, ["a"]).then(() => (isAcknowledged = true));
        await expect.poll(() => readPositions(directory)).toEqual([1]);
        expect(isAcknowledged).toBe(false);
        held.resolve();
        await stored;
        expect(isAcknowledged).toBe(true);
      },
      { disk: { ...realDisk, open: (path) => hold(realDisk.open(path)) } },
    );
  });

  it("acknowledges at once when there is nothing to store", async () => {
    await expect(withLog(folders.make(), (log) => log.commit())).resolves.toBeUndefined();
  });

  it("begins a new segment when one has reached its size, and removes those that are no longer needed", async () => {
    const directory = folders.make();
    await withLog(
      directory,
      async (log) => {
        for (const id of toCount(1, 40)) await store(log, [`${id}`.repeat(2000)]);
        expect(log.end().segment).toBeGreaterThan(2);
        const { sizeBytes } = log.state();
        await log.removeBefore(log.end().segment);
        expect(existsSync(toSegmentPath(directory, 1))).toBe(false);
        expect(log.state().sizeBytes).toBeLessThan(sizeBytes);
      },
      { maxBytes: MIB / 4 },
    );

    await withLog(directory, (log) => store(log, ["next"]));
    expect((await readPositions(directory)).at(-1)).toBe(41);
  });

  it("says that it is full when it has reached its size", async () => {
    await withLog(
      folders.make(),
      async (log) => {
        expect(log.state().isFull).toBe(false);
        await store(log, ["x".repeat(70_000)]);
        expect(log.state().isFull).toBe(true);
      },
      { maxBytes: 64 * 1024 },
    );
  });

  it("refuses a second gateway on the same directory", async () => {
    const directory = folders.make();
    await withLog(directory, async () => {
      await expect(open(directory)).rejects.toThrow("is in use by another process");
    });
  });
});

describe("a disk that fails", () => {
  it.each([
    ["write", "ENOSPC", 0],
    ["write", "ENOSPC", 100],
    ["sync", "EIO", 0],
  ] as const)(
    "refuses what it could not store on %s (%s after %i bytes) and goes on afterwards",
    async (on, code, writtenBytes) => {
      const directory = folders.make();
      const { disk, fault } = createFaultyDisk();
      await withLog(
        directory,
        async (log) => {
          await store(log, ["kept"]);
          Object.assign(fault, { on, code, writtenBytes });
          await expect(store(log, ["lost"])).rejects.toMatchObject({ code: "unavailable", retryAfterSeconds: 5 });
          expect(log.state().failure).toContain(code);
          await expect(store(log, ["lost too"])).rejects.toMatchObject({ code: "unavailable" });
          fault.on = undefined;
          await store(log, ["kept too", "and this"]);
          expect(log.state().failure).toBeUndefined();
        },
        { disk },
      );

      expect(await readPositions(directory)).toEqual([1, 2, 3]);
      await withLog(directory, async (log) => expect(log.state().droppedBytes).toBe(0));
    },
  );

  it("names a full disk", async () => {
    const { disk, fault } = createFaultyDisk();
    await withLog(
      folders.make(),
      async (log) => {
        fault.on = "write";
        await expect(store(log, ["lost"])).rejects.toThrow("The disk of the write-ahead log is full.");
      },
      { disk },
    );
  });

  it("stores nothing until what was half written is cut off", async () => {
    const directory = folders.make();
    const { disk, fault } = createFaultyDisk();
    await withLog(
      directory,
      async (log) => {
        Object.assign(fault, { on: "write", writtenBytes: 50 });
        await expect(store(log, ["lost"])).rejects.toThrow("Nothing of this request was stored");
        fault.on = "truncate";
        await expect(store(log, ["lost"])).rejects.toThrow("Nothing of this request was stored");
        fault.on = undefined;
        await store(log, ["kept"]);
      },
      { disk },
    );

    expect(await readPositions(directory)).toEqual([1]);
  });

  it("keeps its segments in order when a new one cannot be made", async () => {
    const directory = folders.make();
    const { disk, fault } = createFaultyDisk();
    await withLog(
      directory,
      async (log) => {
        await store(log, ["x".repeat(40_000)]);
        fault.on = "create";
        await expect(store(log, ["lost"])).rejects.toThrow("Nothing of this request was stored");
        fault.on = undefined;
        await store(log, ["kept"]);
        expect(log.end().segment).toBe(2);
      },
      { disk, maxBytes: MIB / 4 },
    );

    expect(await readPositions(directory)).toEqual([1, 2]);
  });
});
