import type { ClickHouseClient } from "@clickhouse/client";
import { matchCause, matchOutcome } from "@throughline/schemas/match";
import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import { z } from "zod";
import { readRows } from "../engine/read-rows.ts";
import type { Step } from "../engine/steps.ts";
import type { CurrentMatch, MatchRow } from "./match-row.ts";

const CHUNK = 2000;
const DOMAIN = "erp";
const KEY = "subject_type, subject_id, document, kind, order_line, line";

/** A row to append; `isRemoved` when there is nothing left to match. */
export interface MatchChange {
  row: MatchRow;
  isRemoved: boolean;
}

export interface SubjectRef {
  type: string;
  id: string;
}

const storedRow = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.enum(["invoice", "line", "order"]),
  z.string(),
  z.string(),
  matchOutcome,
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.number(),
  z.number(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.number(),
  z.string(),
  z.string(),
  z.number(),
]);
const causes = z.array(matchCause);
const detail = z.record(z.string(), z.unknown());

/** The current rows of subjects, as they were before a step. */
export async function listCurrentMatches(
  client: ClickHouseClient,
  query: { subjects: readonly SubjectRef[]; before: number },
): Promise<CurrentMatch[]> {
  const found: CurrentMatch[] = [];
  for (const [type, subjects] of Map.groupBy(query.subjects, (subject) => subject.type))
    for (let start = 0; start < subjects.length; start += CHUNK) {
      const rows = await readRows(client, storedRow, {
        caller: "matches.current",
        sql: `SELECT ${KEY}, outcome, causes, detail, amount, currency, company, supplier, item, is_contested,
          toUnixTimestamp64Milli(entered_at), due_on, discount_on, profile, rule_version, site, is_removed, supplier_group, item_category, batch
          FROM match_results WHERE subject_type = {type: String} AND subject_id IN {ids: Array(String)}
            AND batch < {before: UInt64}
          ORDER BY ${KEY}, batch DESC LIMIT 1 BY ${KEY}`,
        values: { type, ids: subjects.slice(start, start + CHUNK).map(({ id }) => id), before: query.before },
      });
      found.push(...rows.filter((row) => row[21] === 0).map(toMatchRow));
    }
  return found;
}

function toMatchRow(row: z.infer<typeof storedRow>): CurrentMatch {
  return {
    subjectType: row[0],
    subjectId: row[1],
    document: row[2],
    kind: row[3],
    orderLine: row[4],
    line: row[5],
    outcome: row[6],
    causes: causes.parse(JSON.parse(row[7])),
    detail: detail.parse(JSON.parse(row[8])),
    amount: row[9],
    currency: row[10],
    company: row[11],
    supplier: row[12],
    item: row[13],
    isContested: row[14] === 1,
    enteredAt: row[15],
    dueOn: row[16],
    discountOn: row[17],
    profile: row[18],
    ruleVersion: row[19],
    site: row[20],
    supplierGroup: row[22],
    itemCategory: row[23],
    batch: row[24],
  };
}

/** Appends what a step changed, in one insert whose repetition has no effect. */
export async function insertMatchChanges(
  client: ClickHouseClient,
  step: Step,
  { changes, token }: { changes: readonly MatchChange[]; token: string },
) {
  if (changes.length === 0) return;
  await client.insert({
    table: "match_results",
    values: changes.map(({ row, isRemoved }) => ({
      subject_type: row.subjectType,
      subject_id: row.subjectId,
      document: row.document,
      kind: row.kind,
      order_line: row.orderLine,
      line: row.line,
      batch: step.batch,
      outcome: row.outcome,
      codes: [...new Set(row.causes.map(({ code }) => code))],
      causes: JSON.stringify(row.causes),
      detail: JSON.stringify(row.detail),
      amount: row.amount,
      currency: row.currency,
      company: row.company,
      supplier: row.supplier,
      supplier_group: row.supplierGroup,
      item_category: row.itemCategory,
      item: row.item,
      is_contested: row.isContested ? 1 : 0,
      entered_at: toTimestamp(row.enteredAt),
      due_on: row.dueOn,
      discount_on: row.discountOn,
      profile: row.profile,
      rule_version: row.ruleVersion,
      site: row.site,
      domain: DOMAIN,
      evaluated_at: toTimestamp(step.now),
      is_removed: isRemoved ? 1 : 0,
    })),
    format: "JSONEachRow",
    clickhouse_settings: {
      insert_deduplication_token: token,
      deduplicate_blocks_in_dependent_materialized_views: 1,
      input_format_parallel_parsing: 0,
    },
  });
}

/** A change of how many results have an outcome, or a code. */
interface MatchCount {
  kind: string;
  outcome: string;
  code: string;
  domain: string;
  site: string;
  company: string;
  supplier: string;
  day: string;
  results: number;
}

/** Rows for `match_rollups`: changes that sum to how many results have each outcome and each code. */
export function toRollupRows(
  pairs: readonly { before: MatchRow | undefined; after: MatchRow | undefined }[],
): MatchCount[] {
  const counts = new Map<string, MatchCount>();
  const count = (row: MatchRow, results: 1 | -1) => {
    for (const code of ["", ...new Set(row.causes.map((cause) => cause.code))]) {
      const day = new Date(row.enteredAt).toISOString().slice(0, 10);
      const { kind, outcome, site, company, supplier } = row;
      const columns = { kind, outcome, code, domain: DOMAIN, site, company, supplier, day };
      const key = Object.values(columns).join("\u0000");
      const known = counts.get(key) ?? { ...columns, results: 0 };
      counts.set(key, { ...known, results: known.results + results });
    }
  };
  for (const { before, after } of pairs) {
    if (before) count(before, -1);
    if (after) count(after, 1);
  }
  return [...counts.values()].filter(({ results }) => results !== 0);
}

/** Appends changes that sum to counts, in one insert whose repetition has no effect. */
export async function insertCounts(
  client: ClickHouseClient,
  {
    table,
    rows,
    token,
  }: { table: "match_rollups" | "match_open" | "match_positions"; rows: readonly object[]; token: string },
) {
  if (rows.length === 0) return;
  await client.insert({
    table,
    values: [...rows],
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: token, input_format_parallel_parsing: 0 },
  });
}
