import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";

const MAX_ROWS = 1000;

export interface Since {
  from: number;
  to: number;
}

const ruleRow = z.object({ version: z.string(), since: instant });

/** Since when each version of the rules of a reconciliation was seen at work, within a range. Read without a scope. */
export async function listSeenRules(
  reader: StoreReader,
  { signal }: Asker,
  { reconciliation, from, to }: Since & { reconciliation: string },
) {
  return reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "list-seen-rules",
      sql: `SELECT version, min(now) AS since FROM (
          SELECT rule_version AS version, min(batch) AS first_batch FROM reconciliation_items
          WHERE reconciliation = {reconciliation: String} GROUP BY rule_version) AS seen
        INNER JOIN (SELECT batch, now FROM projection_steps WHERE projector = 'reconciler' AND phase = 'begin') AS step
          ON seen.first_batch = step.batch
        GROUP BY version HAVING since >= {from: DateTime64(3, 'UTC')} AND since < {to: DateTime64(3, 'UTC')}
        ORDER BY since LIMIT ${MAX_ROWS}`,
      values: { reconciliation, from: toStoreTime(from), to: toStoreTime(to) },
      row: ruleRow,
    },
  );
}

const flowRow = z.object({ flow: z.string(), version: z.string(), since: instant });

/** Since when other rules of flows are in force, within a range; the first of a flow changed nothing. */
export async function listFlowChanges(
  reader: StoreReader,
  asker: Asker,
  { flows, from, to }: Since & { flows: readonly string[] },
) {
  return reader.ask(asker, {
    caller: "list-flow-changes",
    sql: `SELECT flow, rule_version AS version, changed AS since FROM (
        SELECT flow, rule_version, since AS changed, row_number() OVER (PARTITION BY flow ORDER BY since) AS ordinal
        FROM rule_versions WHERE flow IN {flows: Array(String)})
      WHERE ordinal > 1 AND changed >= {from: DateTime64(3, 'UTC')} AND changed < {to: DateTime64(3, 'UTC')}
      ORDER BY changed, flow LIMIT ${MAX_ROWS}`,
    values: { flows, from: toStoreTime(from), to: toStoreTime(to) },
    row: flowRow,
  });
}

const versionRow = z.object({ source: z.string(), type: z.string(), version: z.string(), since: instant });

/** Versions of event schemas that were first seen within a range, of sources that had named another one before. */
export async function listNewSchemas(
  reader: StoreReader,
  asker: Asker,
  { types, from, to }: Since & { types: readonly string[] },
) {
  return reader.ask(asker, {
    caller: "list-new-schemas",
    sql: `SELECT source, type, version, since FROM (
        SELECT source, type, if(attribute_version != '', attribute_version, dataschema_version) AS version, min(first_at) AS since,
          min(since) OVER (PARTITION BY source, type) AS first
        FROM event_versions WHERE type IN {types: Array(String)} GROUP BY source, type, version)
      WHERE version != '' AND since > first AND since >= {from: DateTime64(3, 'UTC')} AND since < {to: DateTime64(3, 'UTC')}
      ORDER BY since, source, type LIMIT ${MAX_ROWS}`,
    values: { types, from: toStoreTime(from), to: toStoreTime(to) },
    row: versionRow,
  });
}
