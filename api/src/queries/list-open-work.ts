import type { MatchRouting } from "@throughline/schemas/pack/match-routing";
import { z } from "zod";
import type { MATCH_SORTS } from "../contract/match.ts";
import { type MatchSlot, SLOT_COLUMNS as SLOT } from "../matches/match-id.ts";
import type { WorkState } from "../matches/work-state.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toOwnerSql } from "./match-owner-sql.ts";
import { type MatchFilter, whereResult } from "./match-filter.ts";
import { matchSlotShape } from "./match-row.ts";
import type { Sql } from "./newest-legs.ts";

export type WorkSort = (typeof MATCH_SORTS)[number];

/** Where a page of work ends. */
export interface WorkPlace {
  at: string;
  slot: MatchSlot;
}

export interface WorkQuestion {
  filter: MatchFilter;
  routing: MatchRouting | undefined;
  states: readonly WorkState[];
  sort: WorkSort;
  after: WorkPlace | undefined;
  /** The day of the question, such as 2026-03-20. */
  today: string;
  limit: number;
}

const TIMEOUT_SECONDS = 15;
const NEVER = "9999-12-31";
const SLOT_AT =
  "({typeAt: String}, {idAt: String}, {documentAt: String}, {kindAt: String}, {orderAt: String}, {lineAt: String})";

/** By what each order sorts, as text; equal ones by slot. */
const SORTS = {
  entered: { value: "toString(entered_at)", comparison: "<", direction: "DESC" },
  oldest: { value: "toString(entered_at)", comparison: ">", direction: "ASC" },
  due: {
    value: `multiIf(discount_on >= {today: String}, discount_on, due_on = '', '${NEVER}', due_on)`,
    comparison: ">",
    direction: "ASC",
  },
} as const;

const foundRow = z.object({ ...matchSlotShape, sorted_by: z.string() });
export type FoundWork = z.infer<typeof foundRow>;

/** The results that keep something from being paid now, in their order, a page of them. */
export async function listOpenWork(reader: StoreReader, asker: Asker, question: WorkQuestion): Promise<FoundWork[]> {
  const { sort, after, limit, states } = question;
  const { comparison, direction } = SORTS[sort];
  const open = selectOpenWork(question);
  const behind = after
    ? `AND (sorted_by ${comparison} {placeAt: String} OR (sorted_by = {placeAt: String} AND (${SLOT}) > ${SLOT_AT}))`
    : "";
  return reader.ask(asker, {
    caller: "list-open-work",
    sql: `SELECT ${SLOT}, sorted_by FROM (SELECT *, ${SORTS[sort].value} AS sorted_by FROM ${open.sql})
      WHERE state IN {states: Array(String)} ${behind}
      ORDER BY sorted_by ${direction}, ${SLOT} LIMIT {limit: UInt32}`,
    values: { ...open.values, states, limit, today: question.today, ...toPlaceValues(after) },
    row: foundRow,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
}

/**
 * SQL of the results that keep something from being paid now, with the state of their work. What was done counts until the
 * result passes; an acceptance, as long as it differs by the same.
 */
export function selectOpenWork({ filter, routing }: Pick<WorkQuestion, "filter" | "routing">): Sql {
  const where = whereResult(filter);
  const owner = toOwnerSql(routing);
  const owners = filter.owner ?? [];
  return {
    sql: `(
      SELECT ${SLOT.split(", ")
        .map((name) => `open.${name} AS ${name}`)
        .join(", ")}, outcome, codes, amount, currency, entered_at, due_on, discount_on, owner,
        multiIf(
          work.version = 0 OR passed.batch >= work.batch, 'open',
          work.state IN ('proposed', 'accepted') AND work.fingerprint != open.fingerprint AND work.batch != open.batch, 'open',
          work.state
        ) AS state
      FROM (
        SELECT ${SLOT}, batch, any(outcome) AS outcome, any(codes) AS codes, any(fingerprint) AS fingerprint,
          any(amount) AS amount, any(currency) AS currency, any(company) AS company, any(supplier) AS supplier,
          any(supplier_group) AS supplier_group, any(item_category) AS item_category, any(entered_at) AS entered_at,
          any(due_on) AS due_on, any(discount_on) AS discount_on, any(site) AS site, any(domain) AS domain,
          ${owner.sql} AS owner
        FROM match_open WHERE kind != 'order' GROUP BY ${SLOT}, batch HAVING sum(results) > 0
      ) AS open
      LEFT JOIN (
        SELECT ${SLOT}, max(version) AS version, argMax(batch, match_work.version) AS batch,
          argMax(state, match_work.version) AS state, argMax(fingerprint, match_work.version) AS fingerprint
        FROM match_work GROUP BY ${SLOT}
      ) AS work USING (${SLOT})
      LEFT JOIN (
        SELECT ${SLOT}, max(batch) AS batch FROM match_results
        WHERE (${SLOT}) IN (SELECT ${SLOT} FROM match_work) AND (is_removed = 1 OR NOT hasAny(codes, {stopping: Array(String)}))
        GROUP BY ${SLOT}
      ) AS passed USING (${SLOT})
      WHERE ${where.sql}${owners.length === 0 ? "" : " AND owner IN {owners: Array(String)}"}
    )`,
    values: { ...where.values, ...owner.values, ...(owners.length > 0 && { owners }) },
  };
}

function toPlaceValues(after: WorkPlace | undefined) {
  if (after === undefined) return {};
  const {
    subject_type: typeAt,
    subject_id: idAt,
    document: documentAt,
    kind: kindAt,
    order_line: orderAt,
    line: lineAt,
  } = after.slot;
  return { placeAt: after.at, typeAt, idAt, documentAt, kindAt, orderAt, lineAt };
}
