import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { CROSSWALK_KINDS, type CrosswalkEntry } from "../crosswalk-entry.ts";
import { AppError } from "../error.ts";
import type { Crosswalk } from "../pack/crosswalk.ts";
import { type ReplayOrder, replayRevision, replayTarget } from "../way-back/manifest.ts";
import type { Scope } from "./scope.ts";

/** What an edge may be told: what holds everywhere, and what holds where its key and interfaces are. */
export interface WayBackAsker {
  sites: Scope["sites"];
  interfaces: readonly string[];
}

const TIMEOUT_SECONDS = 20;
const MAX_ENTRIES = 200_000;
const MAX_ORDERS = 100;
const IN_PLACE = `(site = '' OR {isAnySite: Bool} OR has({sites: Array(String)}, site))
  AND (interface = '' OR has({interfaces: Array(String)}, interface))`;

const entryRow = z.object({
  crosswalk: z.string(),
  kind: z.enum(CROSSWALK_KINDS),
  from_system: z.string(),
  from_value: z.string(),
  to_system: z.string(),
  to_value: z.string(),
  reversible: z.number(),
  interface: z.string(),
  site: z.string(),
  effective_from: z.string(),
  effective_to: z.string(),
});
const orderRow = z.object({
  id: z.string(),
  interface: z.string(),
  target: z.string(),
  revision_of: z.string(),
  expires_at: z.string(),
});

/** How many decisions there ever were: it never falls while the store is the same. Throws `unavailable`. */
export async function countDecisions(client: ClickHouseClient): Promise<number> {
  const rows = await ask(client, z.object({ count: z.coerce.number() }), {
    caller: "count-way-back-decisions",
    sql: `SELECT (SELECT count() FROM crosswalk_entries) + (SELECT count() FROM edge_orders)
      + (SELECT count() FROM edge_mappings) AS count`,
    values: {},
  });
  return rows[0]?.count ?? 0;
}

/** The approved translations that an edge may be told, as tables in the order of their names. Throws `unavailable`. */
export async function listTowerCrosswalks(client: ClickHouseClient, asker: WayBackAsker): Promise<Crosswalk[]> {
  const rows = await ask(client, entryRow, {
    caller: "list-tower-crosswalks",
    sql: `SELECT crosswalk, kind, from_system, from_value, to_system, to_value, reversible, interface, site,
        effective_from, effective_to
      FROM (SELECT * FROM crosswalk_entries ORDER BY id, revision DESC, request_id LIMIT 1 BY id)
      WHERE state = 'approved' AND ${IN_PLACE}
      ORDER BY crosswalk, from_value, id LIMIT ${MAX_ENTRIES}`,
    values: toValues(asker),
  });
  return [...Map.groupBy(rows, ({ crosswalk }) => crosswalk)].map(([name, entries]) => ({
    name,
    title: name,
    kind: entries[0]?.kind ?? "item",
    version: 1,
    missing: "keep" as const,
    entries: entries.map(toEntry),
  }));
}

/** The replay orders that an edge may be told and that nobody took back. Throws `unavailable`. */
export async function listReplayOrders(
  client: ClickHouseClient,
  asker: WayBackAsker,
  now: number,
): Promise<ReplayOrder[]> {
  const rows = await ask(client, orderRow, {
    caller: "list-replay-orders",
    sql: `SELECT id, interface, target, revision_of, expires_at
      FROM (SELECT * FROM edge_orders ORDER BY id, revision DESC, request_id LIMIT 1 BY id)
      WHERE state = 'ordered' AND expires_at > {now: DateTime64(3, 'UTC')} AND ${IN_PLACE}
        AND id NOT IN (SELECT order_id FROM edge_reports WHERE kind IN ('order_done', 'order_refused'))
      ORDER BY ordered_at, id LIMIT ${MAX_ORDERS}`,
    values: { ...toValues(asker), now: new Date(now).toISOString().slice(0, 23).replace("T", " ") },
  });
  return rows.map(({ id, interface: name, target, revision_of, expires_at }) => ({
    id,
    interface: name,
    target: replayTarget.parse(JSON.parse(target)),
    revision: replayRevision.nullable().parse(JSON.parse(revision_of)),
    expiresAt: expires_at,
  }));
}

/** Notes that these mappings are given out from now on, where others were before. Throws `unavailable`. */
export async function recordMappings(client: ClickHouseClient, digest: string, now: number): Promise<void> {
  const last = await ask(client, z.object({ digest: z.string() }), {
    caller: "find-edge-mappings",
    sql: "SELECT digest FROM edge_mappings ORDER BY at DESC LIMIT 1",
    values: {},
  });
  if (last[0]?.digest === digest) return;
  try {
    await client.insert({ table: "edge_mappings", values: [{ at: now, digest }], format: "JSONEachRow" });
  } catch (cause) {
    throw toUnavailable(cause);
  }
}

function toValues({ sites, interfaces }: WayBackAsker) {
  return { isAnySite: sites === "*", sites: sites === "*" ? [] : sites, interfaces };
}

function toEntry(row: z.infer<typeof entryRow>): CrosswalkEntry {
  return {
    from: row.from_value,
    to: row.to_value,
    ...(row.from_system !== "" && { fromSystem: row.from_system }),
    ...(row.to_system !== "" && { toSystem: row.to_system }),
    ...(row.reversible === 1 && { reversible: true }),
    ...(row.interface !== "" && { interface: row.interface }),
    ...(row.site !== "" && { site: row.site }),
    ...(row.effective_from !== "" && { effectiveFrom: row.effective_from }),
    ...(row.effective_to !== "" && { effectiveTo: row.effective_to }),
  };
}

async function ask<Row extends z.ZodType>(
  client: ClickHouseClient,
  row: Row,
  { caller, sql, values }: { caller: string; sql: string; values: Record<string, unknown> },
): Promise<z.output<Row>[]> {
  try {
    const result = await client.query({
      query: sql,
      query_params: values,
      format: "JSONEachRow",
      clickhouse_settings: {
        max_execution_time: TIMEOUT_SECONDS,
        date_time_output_format: "iso",
        output_format_json_quote_64bit_integers: 0,
        log_comment: caller,
      },
    });
    return z.array(row).parse(await result.json());
  } catch (cause) {
    throw toUnavailable(cause);
  }
}

function toUnavailable(cause: unknown): AppError {
  return new AppError("unavailable", "The store does not answer: there is no word for edges now.", {
    cause,
    retryAfterSeconds: 15,
  });
}
