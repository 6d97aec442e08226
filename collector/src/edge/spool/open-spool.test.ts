import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  readdirSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type SpoolOptions, openSpool } from "./open-spool.ts";
import { drain, makeTestFolder, SECRET, toDraft } from "./spool.fixture.ts";

let folder: string;
let remove: () => void;

beforeEach(() => {
  ({ folder, remove } = makeTestFolder());
});
afterEach(() => remove());

const open = (options: Partial<SpoolOptions> = {}) =>
  openSpool({ directory: folder, secret: SECRET, maxBytes: 1_000_000, ...options });
const readId = (text: string): unknown => {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null ? Reflect.get(value, "id") : undefined;
};
const listFiles = () => readdirSync(folder).filter((name) => name.endsWith(".segment"));
const lastFile = () => join(folder, listFiles().toSorted().at(-1) ?? "");

describe("a spool", () => {
  test("gives back what it took, in order, over any sizes of appends, reads and segments, and over restarts", async () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant("append" as const), count: fc.integer({ min: 1, max: 400 }) }),
        fc.record({ kind: fc.constant("read" as const), count: fc.integer({ min: 1, max: 500 }) }),
        fc.record({ kind: fc.constant("restart" as const), count: fc.constant(0) }),
      ),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 100, max: 20_000 }), async (list, segmentBytes) => {
        const own = makeTestFolder();
        let spool = await open({ directory: own.folder, segmentBytes });
        let given = 0;
        const taken: string[] = [];
        for (const { kind, count } of list) {
          if (kind === "append") {
            await spool.append(Array.from({ length: count }, () => toDraft(String(given++), "/s")));
          } else if (kind === "read") {
            const batch = await spool.read(count);
            if (batch === undefined) continue;
            taken.push(...batch.entries);
            await spool.advance(batch);
          } else {
            await spool.close();
            spool = await open({ directory: own.folder, segmentBytes });
          }
          expect(spool.state().waitingEntries).toBe(given - taken.length);
        }
        taken.push(...(await drain(spool)));
        await spool.close();
        own.remove();
        expect(taken).toEqual(
          Array.from({ length: given }, (_, at) => JSON.stringify({ id: String(at), source: "/s", sequence: at + 1 })),
        );
      }),
      { numRuns: 30 },
    );
  });

  test("numbers each source without gaps, over restarts and when everything was taken over", async () => {
    let spool = await open({ segmentBytes: 200 });
    await spool.append([toDraft("1", "/a"), toDraft("2", "/b"), toDraft("3", "/a")]);
    await drain(spool);
    await spool.append([toDraft("4", "/b")]);
    await drain(spool);
    await spool.close();
    spool = await open({ segmentBytes: 200 });
    await spool.append([toDraft("5", "/a"), toDraft("6", "/b")]);
    expect(await drain(spool)).toEqual([
      '{"id":"5","source":"/a","sequence":3}',
      '{"id":"6","source":"/b","sequence":3}',
    ]);
    await spool.close();
  });

  test("writes nothing that can be read without the key", async () => {
    const spool = await open();
    await spool.append([toDraft("4500012345", "/erp/secret")]);
    await spool.close();
    const bytes = listFiles()
      .map((name) => readFileSync(join(folder, name), "latin1"))
      .join("");
    expect(bytes.length).toBeGreaterThan(100);
    expect(bytes).not.toMatch(/4500012345|secret|sequence/);
    await expect(open({ secret: Buffer.alloc(32, 8) })).rejects.toMatchObject({ code: "invalid_configuration" });
  });

  test("drops a torn tail, whatever its length, and goes on behind it", async () => {
    const spool = await open();
    await spool.append([toDraft("1")]);
    await spool.append([toDraft("2")]);
    await spool.close();
    truncateSync(lastFile(), statSync(lastFile()).size - 3);
    const torn = await open();
    expect(torn.lostBytes).toBeGreaterThan(0);
    await torn.append([toDraft("3")]);
    expect((await drain(torn)).map(readId)).toEqual(["1", "3"]);
    await torn.close();
    writeFileSync(join(folder, "0000000000000099.segment"), "TL");
    appendFileSync(lastFile(), "x");
    const again = await open();
    expect(await drain(again)).toEqual([]);
    await again.append([toDraft("4")]);
    expect((await drain(again)).map(readId)).toEqual(["4"]);
    await again.close();
  });

  test("refuses at its bound, keeps what it has, and takes again when there is room", async () => {
    const spool = await open({ maxBytes: 20_000, segmentBytes: 2000 });
    let taken = 0;
    const fill = async () => {
      for (;;) {
        await spool.append([toDraft(String(taken).padStart(100, "0"))]);
        taken++;
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: "unavailable", message: "The spool has reached its bound." });
    expect(spool.state().sizeBytes).toBeLessThanOrEqual(20_000);
    expect(spool.state().waitingEntries).toBe(taken);
    expect(await drain(spool)).toHaveLength(taken);
    await spool.append([toDraft("again")]);
    expect((await drain(spool)).map(readId)).toEqual(["again"]);
    await spool.close();
  });

  test("lets the oldest give way where that is wanted, and counts it", async () => {
    const spool = await open({ maxBytes: 20_000, segmentBytes: 2000, atBound: "drop-oldest" });
    for (let id = 0; id < 300; id++) await spool.append([toDraft(String(id).padStart(100, "0"))]);
    const { dropped, waitingEntries } = spool.state();
    expect(dropped).toBeGreaterThan(100);
    expect(dropped + waitingEntries).toBe(300);
    const left = await drain(spool);
    expect(left).toHaveLength(waitingEntries);
    expect(Number(readId(left.at(-1) ?? "{}"))).toBe(299);
    await spool.close();
  });

  test("belongs to one process at a time", async () => {
    const spool = await open();
    await expect(open()).rejects.toMatchObject({ code: "conflict" });
    await spool.close();
    await (await open()).close();
  });
});

describe("a disk that is full", () => {
  const isRoot = process.getuid?.() === 0 && process.platform === "linux";

  test.skipIf(!isRoot)(
    "makes it refuse, lose nothing, and go on once there is room (mounts a small disk: root only)",
    async () => {
      const disk = join(folder, "disk");
      mkdirSync(disk);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]);
      try {
        const directory = join(disk, "spool");
        let spool = await open({ directory });
        await spool.append([toDraft("before", "/s")]);
        writeFileSync(join(disk, "filler"), Buffer.alloc(200_000));
        let taken = 0;
        const fill = async () => {
          for (;;) {
            await spool.append([
              { source: "/s", toText: (sequence) => JSON.stringify({ id: "x".repeat(5000), sequence }) },
            ]);
            taken++;
          }
        };
        await expect(fill()).rejects.toMatchObject({
          code: "unavailable",
          message: "The disk of the spool takes nothing.",
        });
        await expect(fill()).rejects.toMatchObject({ code: "unavailable" });
        rmSync(join(disk, "filler"));
        await spool.append([toDraft("after", "/s")]);
        await spool.close();
        spool = await open({ directory });
        const entries = (await drain(spool)).map((text): unknown => JSON.parse(text));
        expect(entries.map((entry) => Number(Reflect.get(Object(entry), "sequence")))).toEqual(
          Array.from({ length: taken + 2 }, (_, at) => at + 1),
        );
        await spool.close();
      } finally {
        execFileSync("umount", [disk]);
      }
    },
  );
});

describe("a process that is killed", () => {
  test("loses nothing that was acknowledged, and numbers on without gaps, ten times over", async () => {
    let acknowledged = -1;
    for (let round = 0; round < 10; round++) {
      const child = fork(join(import.meta.dirname, "spool-process.fixture.ts"), {
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      child.send({ directory: folder, first: acknowledged + 1 });
      acknowledged = await killAfter(child, acknowledged + 20 + round * 7);
    }
    const spool = await open({ maxBytes: 100_000_000 });
    const entries = (await drain(spool)).map((text): unknown => JSON.parse(text));
    const ids = entries.map((entry) => Number(Reflect.get(Object(entry), "id")));
    expect(new Set(ids)).toEqual(new Set(Array.from({ length: Math.max(...ids) + 1 }, (_, id) => id)));
    expect(Math.max(...ids)).toBeGreaterThanOrEqual(acknowledged);
    expect(entries.map((entry) => Number(Reflect.get(Object(entry), "sequence")))).toEqual(ids.map((_, at) => at + 1));
    await spool.close();
  });
});

/** Kills a process once it has acknowledged an entry; gives the last one that it acknowledged. */
async function killAfter(child: ChildProcess, wanted: number): Promise<number> {
  let last = -1;
  child.on("message", (id) => {
    last = Number(id);
    if (last >= wanted) child.kill("SIGKILL");
  });
  await once(child, "exit");
  return last;
}
