import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "@throughline/schemas/error";
import { type Client, escapeIdentifier } from "pg";
import { z } from "zod";
import type { SourceOf } from "../config/edge-source.ts";
import { toDurationMs } from "../run/duration-ms.ts";
import { type Session, keepConnected } from "./keep-connected.ts";
import { connectToRead, explain } from "./postgres-client.ts";
import { type PostgresColumn, type PostgresValues, toBody, toRowDocument } from "./postgres-row.ts";
import { type Place, type PlacedRow, type RowWindow, type Snapshot, openRowWindow } from "./row-window.ts";
import type { RunningSource, SourceParts } from "./source.ts";
import { digest, toMessage } from "./to-message.ts";

const MAX_WAITING_ROWS = 50_000;

/**
 * Reads the rows of a query in the order of its cursor, again and again. Rows that become visible late, because their transaction took
 * its number or time first and committed last, are found too: see the window of rows. A row is known by its cursor and key.
 */
export function pollPostgres(config: SourceOf<"postgres">, parts: SourceParts): RunningSource {
  const columns = [...new Set([...config.cursor, ...config.key])];
  const patienceMs = toDurationMs(config.patience);
  const window = openRowWindow(parts.directory, { columns, patienceMs });
  return keepConnected(parts, async (session) => {
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => undefined);
    const client = await connectToRead(config, lost.reject);
    let reading: Promise<boolean> | undefined;
    try {
      session.connected();
      window.forgetStamps();
      for (;;) {
        const startedAt = parts.now();
        const round = { client, config, session, window, columns, now: parts.now, startedAt };
        reading = readRound(round);
        if (await Promise.race([reading, lost.promise])) session.complete(startedAt - patienceMs);
        await Promise.race([pause(toDurationMs(config.every), undefined, { signal: session.signal }), lost.promise]);
      }
    } catch (error) {
      throw explain(error);
    } finally {
      await client.end();
      await reading?.catch(() => undefined);
    }
  });
}

interface Round {
  client: Client;
  config: SourceOf<"postgres">;
  session: Session;
  window: RowWindow;
  columns: readonly string[];
  now: () => number;
  startedAt: number;
}

/** Reads everything behind the place, page by page. False when it had to stop before the end. */
async function readRound(round: Round): Promise<boolean> {
  const { client, config, session, window, now, startedAt } = round;
  const before = { at: startedAt, snapshot: await readSnapshot(client) };
  const seen = new Set<string>();
  let after = window.floor();
  let isContiguous = true;
  for (;;) {
    const rows = await readPage(round, after);
    const stamp = { at: now(), snapshot: await readSnapshot(client) };
    const news = rows.filter(({ identity }) => !window.isTaken(identity));
    for (const { identity } of rows) seen.add(identity);
    await Promise.all(news.map((row) => session.take(row.toUnit())));
    for (const { identity } of news) window.add(identity);
    const isNews = news.length > 0;
    const floor = window.floor();
    isContiguous = isContiguous && window.settle(rows, before);
    window.stamp(rows, stamp);
    if (isNews || window.floor() !== floor) await window.save();
    if (rows.length < config.batch) break;
    if (window.size() >= MAX_WAITING_ROWS) {
      session.warn(`${MAX_WAITING_ROWS} rows wait for transactions that began before them`);
      return false;
    }
    after = rows.at(-1)?.place;
  }
  session.warn(undefined);
  window.keepOnly(seen);
  return true;
}

const snapshotRow = z.tuple([z.object({ oldest: z.string(), next: z.string() })]);

async function readSnapshot(client: Client): Promise<Snapshot> {
  const { rows } = await client.query(
    "SELECT pg_snapshot_xmin(s)::text AS oldest, pg_snapshot_xmax(s)::text AS next FROM pg_current_snapshot() AS s",
  );
  const [{ oldest, next }] = snapshotRow.parse(rows);
  return { oldest: BigInt(oldest), next: BigInt(next) };
}

const valueRows = z.array(z.record(z.string(), z.string().nullable()));

async function readPage({ client, config, columns }: Round, after: Place | undefined) {
  const listed = columns.map((name) => escapeIdentifier(name)).join(", ");
  const places = columns.map((_, at) => `$${at + 1}`).join(", ");
  const behind = after === undefined ? `WHERE (${listed}) IS NOT NULL` : `WHERE (${listed}) > (${places})`;
  const query = config.query.trim().replace(/;$/, "");
  const text = `SELECT * FROM (${query}\n) AS rows ${behind} ORDER BY ${listed} LIMIT ${config.batch}`;
  const result = await client.query(text, after === undefined ? [] : [...after]);
  const fields = result.fields.map(({ name, dataTypeID }) => ({ name, typeId: dataTypeID }));
  return valueRows.parse(result.rows).map((values) => toPlaced(config, { fields, values, columns }));
}

function toPlaced(
  config: SourceOf<"postgres">,
  { fields, values, columns }: { fields: PostgresColumn[]; values: PostgresValues; columns: readonly string[] },
): PlacedRow & { toUnit: () => ReturnType<typeof toMessage> } {
  const place = columns.map((name) => {
    const value = values[name];
    if (typeof value === "string") return value;
    throw new AppError("invalid_configuration", `the query gives a row without ${name}`);
  });
  const name = ["postgres", ...columns, ...place];
  const { body } = config;
  return {
    place,
    identity: digest(JSON.stringify(name)).slice(0, 32),
    toUnit: () => toMessage(body === undefined ? toRowDocument(fields, values) : toBody(fields, values, body), name),
  };
}
