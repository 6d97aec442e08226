import type { ClickHouseClient } from "@clickhouse/client";
import { add, formatDecimal, isZero, negate, parseRational } from "@throughline/schemas/exact/rational";
import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import { z } from "zod";
import { readRows } from "../engine/read-rows.ts";
import type { Step } from "../engine/steps.ts";
import { FLOW_KINDS } from "./flows.ts";
import type { FlowRow } from "./item-row.ts";
import type { ReconciliationModel } from "./model.ts";

const CHUNK = 2000;

/** What is said anew of how the items of an object came and went, and what that changes of the sums. */
export interface FlowChange {
  reconciliation: string;
  domain: string;
  subject: string;
  flows: readonly FlowRow[];
  difference: readonly FlowRow[];
}

const storedFlows = z.array(
  z.tuple([z.string(), z.string(), z.enum([...FLOW_KINDS, "a", "b"]), z.number(), z.number(), z.string()]),
);

/** What was said last of an object, and the domain that its sums carry. */
export interface CurrentFlows {
  domain: string;
  flows: FlowRow[];
}

/** The flows of objects as they were before a step. Where they went over to another domain, the one that has them counts. */
export async function listCurrentFlows(
  client: ClickHouseClient,
  query: { reconciliation: string; subjects: readonly string[]; before: number },
): Promise<Map<string, CurrentFlows>> {
  const found = new Map<string, CurrentFlows>();
  const { reconciliation } = query;
  for (let start = 0; start < query.subjects.length; start += CHUNK) {
    const rows = await readRows(client, z.tuple([z.string(), z.string(), z.string()]), {
      caller: "reconciliations.flows",
      sql: `SELECT subject, domain, flows FROM reconciliation_subjects
        WHERE reconciliation = {reconciliation: String} AND subject IN {subjects: Array(String)} AND batch < {before: UInt64}
        ORDER BY reconciliation, subject, batch DESC, length(flows) DESC LIMIT 1 BY reconciliation, subject`,
      values: { ...query, subjects: query.subjects.slice(start, start + CHUNK) },
    });
    for (const [subject, domain, stored] of rows) {
      const flows = storedFlows.parse(JSON.parse(stored)).flatMap(([unit, site, kind, minute, count, text]) => {
        const value = parseRational(text);
        return value ? [{ reconciliation, unit, site, kind, minute, count, value }] : [];
      });
      found.set(subject, { domain, flows });
    }
  }
  return found;
}

/** One change where the sums differ, else none. */
export function listFlowChanges(
  { model, subject, domain }: { model: ReconciliationModel; subject: string; domain: string },
  before: readonly FlowRow[],
  after: readonly FlowRow[],
): FlowChange[] {
  const flows = sumFlows(after);
  const taken = before.map((flow) => ({ ...flow, count: -flow.count, value: negate(flow.value) }));
  const difference = taken.length === 0 ? flows : sumFlows([...taken, ...flows]);
  const { id: reconciliation } = model.rule;
  return difference.length === 0 ? [] : [{ reconciliation, domain, subject, flows, difference }];
}

function sumFlows(flows: readonly FlowRow[]): FlowRow[] {
  const sums = new Map<string, FlowRow>();
  for (const flow of flows) {
    const key = `${flow.reconciliation}\u0000${flow.unit}\u0000${flow.site}\u0000${flow.kind}\u0000${flow.minute}`;
    const known = sums.get(key);
    sums.set(key, known ? { ...known, count: known.count + flow.count, value: add(known.value, flow.value) } : flow);
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, flow]) => (isNothing(flow) ? [] : [flow]));
}

function isNothing({ count, value }: FlowRow): boolean {
  return count === 0 && isZero(value);
}

export async function insertSubjects(
  client: ClickHouseClient,
  step: Step,
  { changes, token }: { changes: readonly FlowChange[]; token: string },
) {
  if (changes.length === 0) return;
  await client.insert({
    table: "reconciliation_subjects",
    values: changes.map(({ reconciliation, domain, subject, flows }) => ({
      reconciliation,
      subject,
      batch: step.batch,
      flows: JSON.stringify(
        flows.map(({ unit, site, kind, minute, count, value }) => [
          unit,
          site,
          kind,
          minute,
          count,
          formatDecimal(value),
        ]),
      ),
      site: flows[0]?.site ?? "",
      domain,
    })),
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: token, input_format_parallel_parsing: 0 },
  });
}

export async function insertFlows(
  client: ClickHouseClient,
  { changes, token }: { changes: readonly FlowChange[]; token: string },
) {
  const rows = [...Map.groupBy(changes, ({ domain }) => domain)].flatMap(([domain, own]) =>
    sumFlows(own.flatMap(({ difference }) => difference)).map((flow) => ({ flow, domain })),
  );
  if (rows.length === 0) return;
  await client.insert({
    table: "reconciliation_flows",
    values: rows.map(({ flow, domain }) => ({
      reconciliation: flow.reconciliation,
      unit: flow.unit,
      site: flow.site,
      domain,
      kind: flow.kind,
      minute: toTimestamp(flow.minute),
      items: flow.count,
      value: formatDecimal(flow.value),
    })),
    format: "JSONEachRow",
    clickhouse_settings: {
      insert_deduplication_token: token,
      deduplicate_blocks_in_dependent_materialized_views: 1,
      input_format_parallel_parsing: 0,
    },
  });
}
