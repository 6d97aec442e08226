import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { type LocalEngine, startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { realDisk } from "../log/disk.ts";
import { type EventLog, openEventLog } from "../log/event-log.ts";
import { createFolders, store, toCount } from "../log/log.fixture.ts";
import { toSegmentPath } from "../log/segment.ts";
import { type BatchBounds, openBatchJournal } from "./batch-journal.ts";
import { encodeBatch } from "./encode-batch.ts";
import { insertBlock, insertCommit, toBatchToken } from "./insert-batch.ts";
import { readFrames, readSegmentHeader } from "./log-reader.ts";
import { type LogWriterOptions, startLogWriter } from "./log-writer.ts";
import type { FailedAttempt } from "./retry.ts";

const LIMITS = { rows: 10, bytes: 1_000_000, lingerMs: 5 };
const folders = createFolders();
let engine: LocalEngine;
let client: ClickHouseClient;

beforeAll(async () => {
  engine = await startLocalEngine({ directory: folders.make(), memoryBytes: 2_000_000_000 });
  await prepareStore(engine.connection);
  client = createWriter(engine.connection);
});

afterAll(async () => {
  await client.close();
  await engine.stop();
  folders.removeAll();
});

/** Drains a log until the store has all of its rows. */
async function drain(
  log: EventLog,
  directory: string,
  options: Partial<LogWriterOptions> = {},
): Promise<BatchBounds[]> {
  const batches: BatchBounds[] = [];
  const all = Promise.withResolvers<void>();
  const writer = startLogWriter({
    directory,
    log: log.id,
    connection: engine.connection,
    limits: LIMITS,
    onResumed: () => undefined,
    onFailedAttempt: () => undefined,
    onRepaired: () => undefined,
    ...options,
    onCommitted: (bounds) => {
      batches.push(bounds);
      if (bounds.lastPosition + 1 === log.end().nextPosition) all.resolve();
    },
  });
  writer.extend(log.end());
  await Promise.race([all.promise, writer.ended]);
  writer.stop(5000);
  await writer.ended;
  return batches;
}

async function query<T>(sql: string, log: EventLog): Promise<T[]> {
  const result = await client.query({
    query: sql,
    query_params: { log: log.id },
    format: "JSONEachRow",
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  return result.json<T>();
}

/** How often each position is in a table of the log: once is right. */
async function readCounts(log: EventLog) {
  const counts: Record<string, { rows: number; positions: number }> = {};
  for (const table of ["events", "object_events", "event_identities"]) {
    const sql = `SELECT count() AS rows, uniqExact(position) AS positions FROM ${table} WHERE log = {log: String}`;
    const [row] = await query<{ rows: number; positions: number }>(sql, log);
    counts[table] = row ?? { rows: 0, positions: 0 };
  }
  return counts;
}

const once = (rows: number) => ({
  events: { rows, positions: rows },
  object_events: { rows, positions: rows },
  event_identities: { rows, positions: rows },
});

async function withLog<T>(use: (log: EventLog, directory: string) => Promise<T>): Promise<T> {
  const directory = join(folders.make(), "log");
  const log = await openEventLog({ directory, maxBytes: 1_000_000 });
  try {
    return await use(log, directory);
  } finally {
    await log.close();
  }
}

describe("the writer", () => {
  it("brings every row of the log into the store once, in batches without a gap", async () => {
    await withLog(async (log, directory) => {
      for (let first = 1; first <= 91; first += 3) await store(log, toCount(first, first + 2).map(String));
      const batches = await drain(log, directory);

      expect(await readCounts(log)).toEqual(once(93));
      expect(batches.length).toBeGreaterThan(9);
      const commits = await query(
        "SELECT batch, first_position, last_position, events FROM commits WHERE log = {log: String} ORDER BY batch",
        log,
      );
      expect(commits).toEqual(
        batches.map(({ batch, firstPosition, lastPosition }) => ({
          batch,
          first_position: firstPosition,
          last_position: lastPosition,
          events: lastPosition - firstPosition + 1,
        })),
      );
      expect(batches.map(({ batch }) => batch)).toEqual(toCount(1, batches.length));
      expect(
        batches.slice(1).every(({ firstPosition }, index) => firstPosition === (batches[index]?.lastPosition ?? 0) + 1),
      ).toBe(true);
    });
  });

  it("goes on from segment to segment", async () => {
    await withLog(async (log, directory) => {
      for (const id of toCount(1, 12)) await store(log, [`${id}`.repeat(30_000)]);
      expect(log.end().segment).toBeGreaterThan(1);
      await drain(log, directory);

      expect(await readCounts(log)).toEqual(once(12));
    });
  });

  it.each([
    ["before its first insert", []],
    ["after its rows were inserted", ["events"]],
    ["after it was committed, but before that was noted", ["events", "commits"]],
  ])("forms the same batch again after a crash %s", async (_, stored) => {
    await withLog(async (log, directory) => {
      await store(log, ["a", "b", "c"]);
      const begun = await beginBatch(log, directory);
      await store(log, ["d"]);
      if (stored.includes("events")) for (const block of begun.blocks) await insertBlock(client, block, begun.token);
      const counts = { events: 3, spans: 0, logs: 0, quarantined: 0 };
      if (stored.includes("commits")) await insertCommit(client, { log: log.id, bounds: begun.bounds, counts });

      const [first] = await drain(log, directory);
      expect(first).toEqual(begun.bounds);
      expect(await readCounts(log)).toEqual(once(4));
      expect(
        await query("SELECT count() AS rows, uniqExact(batch) AS batches FROM commits WHERE log = {log: String}", log),
      ).toEqual([{ rows: 2, batches: 2 }]);
    });
  });

  it.each([["events"], ["object_events"], ["event_identities"]])(
    "stores the rows again that the engine noted in %s, but lost in a crash",
    async (table) => {
      await withLog(async (log, directory) => {
        await store(log, ["a", "b", "c"]);
        const begun = await beginBatch(log, directory);
        for (const block of begun.blocks) await insertBlock(client, block, begun.token);
        await client.command({
          query: `DELETE FROM ${table} WHERE log = {log: String} AND position = 2`,
          query_params: { log: log.id },
          clickhouse_settings: { lightweight_deletes_sync: "2" },
        });
        const repaired: string[] = [];
        await drain(log, directory, { onRepaired: (_, name) => repaired.push(name) });

        expect(repaired).toEqual(["events"]);
        expect(await readCounts(log)).toEqual(once(3));
      });
    },
  );

  it("writes nothing again that it knows to be stored", async () => {
    await withLog(async (log, directory) => {
      await store(log, ["a"]);
      await drain(log, directory);
      await store(log, ["b"]);
      let resumed: BatchBounds | undefined;
      const batches = await drain(log, directory, { onResumed: (bounds) => (resumed = bounds) });

      expect(resumed?.batch).toBe(1);
      expect(batches.map(({ batch }) => batch)).toEqual([2]);
    });
  });

  it("waits for a store that is away, and loses nothing", async () => {
    await withLog(async (log, directory) => {
      await store(log, ["a", "b"]);
      const failures: FailedAttempt[] = [];
      const away = { ...engine.connection, url: "http://127.0.0.1:9" };
      const writer = startLogWriter({
        directory,
        log: log.id,
        connection: away,
        limits: LIMITS,
        onResumed: () => undefined,
        onCommitted: () => undefined,
        onRepaired: () => undefined,
        onFailedAttempt: (failure) => failures.push(failure),
      });
      writer.extend(log.end());
      await expect.poll(() => failures.length, { timeout: 5000 }).toBeGreaterThan(2);
      expect(failures.every(({ isPassing }) => isPassing)).toBe(true);
      writer.stop(0);
      await writer.ended;
      await drain(log, directory);

      expect(await readCounts(log)).toEqual(once(2));
    });
  });
});

/** What a writer has done when it dies right after it noted a batch. */
async function beginBatch(log: EventLog, directory: string) {
  const { segment, offset } = log.end();
  const { start, tables } = await readSegmentHeader(directory, segment);
  const range = { start, end: offset };
  const { frames } = await readFrames(toSegmentPath(directory, segment), range, LIMITS);
  const bounds: BatchBounds = { batch: 1, segment, ...range, firstPosition: 1, lastPosition: 3 };
  const journal = await openBatchJournal(directory, realDisk);
  await journal.begin(bounds);
  await journal.close();
  return { bounds, blocks: encodeBatch(log.id, tables, frames), token: toBatchToken(log.id, bounds) };
}
