import type { ClickHouseClient } from "@clickhouse/client";
import { storeBatch } from "../../api/src/projections/stored-facts.fixture.ts";

const FLOW = "procure-to-pay";
const LOG = "bench";
const SITES = ["site-0", "site-1", "site-2"];
const ROWS_AT_ONCE = 500_000;

/** The one feed that ends the legs; its heartbeats say how far it is complete. */
export const FEED = "/import/bench";

const SIGN_OF_LIFE = {
  log: LOG,
  position: 0,
  source: FEED,
  revision: 0,
  site: "",
  outcome: "",
  reverses: undefined,
  measures: {},
};

/**
 * Stores a word of the feed, so that it is known to end the legs, a heartbeat that says it is complete, and a word from each
 * site of the legs. Returns the position behind them.
 */
export function storeFirstWord(client: ClickHouseClient, timeMs: number): Promise<number> {
  const word = { ...SIGN_OF_LIFE, time: timeMs, arrivedAt: timeMs, objects: [], attributes: { line_status: "IA" } };
  const acknowledged = {
    ...word,
    id: "first",
    digest: "first",
    type: "supplier.purchase_order.acknowledged",
    domain: "supplier",
    objects: [{ type: "purchase_order_line", id: "first" }],
  };
  const created = SITES.map((site) => ({
    ...word,
    id: site,
    digest: site,
    source: `/procurement/${site}`,
    type: "procurement.purchase_order.created",
    domain: "procurement",
    site,
  }));
  return storeBatch(client, [acknowledged, ...created, toHeartbeat(1, timeMs)], { log: LOG, batch: 1, first: 1 });
}

/** Stores a heartbeat as a batch of the log; `next` is its position. Returns the position behind it. */
export function storeHeartbeat(
  client: ClickHouseClient,
  { batch, next, timeMs }: { batch: number; next: number; timeMs: number },
): Promise<number> {
  return storeBatch(client, [toHeartbeat(batch, timeMs)], { log: LOG, batch, first: next });
}

function toHeartbeat(number: number, timeMs: number) {
  return {
    ...SIGN_OF_LIFE,
    id: `heartbeat-${number}`,
    digest: `heartbeat-${number}`,
    type: "throughline.feed.heartbeat",
    domain: "throughline",
    time: timeMs,
    arrivedAt: timeMs,
    objects: [],
    attributes: { watermark: new Date(timeMs).toISOString() },
  };
}

/** Legs that run: `dueAtOnce` of them fall due at each of `dueAt`, the others at different times after `laterMs`. */
export interface OpenLegs {
  count: number;
  dueAt: readonly number[];
  dueAtOnce: number;
  startedMs: number;
  laterMs: number;
  /** Under which the rows are stored; to be of a finished step. */
  batch: number;
}

/**
 * Inserts AT_RISK rows of the acknowledgement leg and their counts, in the shape that the projector writes: made by the
 * engine, since evaluating a million orders first would take the better part of a minute and change nothing in what is
 * measured.
 */
export async function fillOpenLegs(client: ClickHouseClient, legs: OpenLegs) {
  const { count, dueAt, dueAtOnce, startedMs, laterMs, batch } = legs;
  const soon = dueAt.length * dueAtOnce;
  const millis = (sql: string | number) => `fromUnixTimestamp64Milli(toInt64(${sql}), 'UTC')`;
  for (let first = 0; first < count; first += ROWS_AT_ONCE)
    await client.command({
      query: `INSERT INTO leg_verdicts (flow, leg, instance_type, instance_id, occurrence, batch, verdict, dated_at, started_at,
          due_at, at_risk_at, budget_ms, start_log, start_position, site, domain, criticality, supplier, rule_version, wake_at,
          evaluated_at)
        WITH ${millis(startedMs)} AS started,
          if(number < ${soon}, [${dueAt.join()}][intDiv(number, ${dueAtOnce}) + 1], ${laterMs} + (number * 7919) % 7200000) AS due_ms,
          ${millis("due_ms")} AS due
        SELECT '${FLOW}', 'acknowledgement', 'purchase_order_line',
          concat('4500', leftPad(toString(cityHash64(number) % 10000000), 7, '0'), '/', toString(number)), 0, ${batch}, 'AT_RISK',
          started, started, due, ${millis(`${startedMs} + 1`)}, 14400000, '${LOG}', 1, concat('site-', toString(number % ${SITES.length})),
          'procurement', if(number % 10 = 0, 'critical', 'standard'), concat('supplier-', toString(number % 40)), 'v1',
          ${millis("due_ms + 1")}, ${millis(startedMs)}
        FROM numbers(${first}, ${Math.min(ROWS_AT_ONCE, count - first)})
        SETTINGS max_insert_block_size = 500000, max_threads = 1`,
    });
  await client.command({
    query: `INSERT INTO leg_rollups (flow, leg, domain, site, criticality, supplier, verdict, hour, ended, legs)
      SELECT flow, leg, domain, site, criticality, supplier, verdict, toStartOfHour(dated_at), 0, count()
      FROM leg_verdicts WHERE flow = '${FLOW}' AND verdict = 'AT_RISK' GROUP BY ALL`,
  });
}

/** How many verdicts were appended by steps after one. */
export async function countVerdictsSince(client: ClickHouseClient, batch: number, verdict: string): Promise<number> {
  const result = await client.query({
    query: `SELECT count() AS rows FROM leg_verdicts WHERE batch > {batch: UInt64} AND verdict = {verdict: String}`,
    query_params: { batch, verdict },
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ rows: string | number }>();
  return Number(row?.rows ?? 0);
}
