import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { z } from "zod";
import { toFact } from "../projections/engine/fact-columns.ts";
import { type Contest, type Fact, compareStatements, toIdentity } from "../projections/fact.ts";
import type { Asker, StoreReader } from "./ask.ts";
import type { Cursors } from "./find-arrival-watermark.ts";

/** One part of the events of some types that name an object of a type: those whose objects have a certain hash. */
export interface HistoryPart {
  types: readonly string[];
  subjectType: string;
  cursors: Cursors;
  part: number;
  parts: number;
  /** Only events that name one of these; all where it is absent. */
  subjects?: readonly string[] | undefined;
}

const MAX_FACTS = 1_000_000;
const TIMEOUT_SECONDS = 20;

const BEFORE = "position < transform(log, {logs: Array(String)}, {ends: Array(UInt64)}, toUInt64(0))";
const IS_SUBJECT = `(kind, name) -> kind = {subjectType: String} AND sipHash64(name) % {parts: UInt32} = {part: UInt32}
  AND ({isNarrow: UInt8} = 0 OR has({subjects: Array(String)}, name))`;
const NAMED = `(log, position) IN (SELECT log, position FROM object_events
  WHERE object_type = {subjectType: String} AND object_id IN {subjects: Array(String)})`;

function toPartFilter({ subjects }: HistoryPart): string {
  const named = subjects === undefined ? "" : `AND ${NAMED}`;
  return `type IN {types: Array(String)} AND ${BEFORE} ${named} AND arrayExists(${IS_SUBJECT}, object_types, object_ids)`;
}

const COLUMNS = `log, position, source, id, revision, lower(hex(digest)) AS digest_hex, type, domain,
  toUnixTimestamp64Milli(time) AS time_ms, toUnixTimestamp64Milli(arrived_at) AS arrived_ms, site, outcome, object_types,
  object_ids, reverses, measure_names, measure_values, measure_units, measure_currencies, attributes, sequence, imprecise_ms`;
const NAMES = COLUMNS.split(",").map((column) => column.trim().split(" ").at(-1) ?? "");

const factRow = z.looseObject({
  object_types: z.array(z.string()),
  object_ids: z.array(z.string()),
  of_part: z.array(z.int()),
});

/** How many events there are before a watermark: how many parts they are read in follows from it. */
export async function countHistoryFacts(
  reader: StoreReader,
  asker: Asker,
  { types, cursors }: Pick<HistoryPart, "types" | "cursors">,
): Promise<number> {
  const [row] = await reader.ask(toWide(asker), {
    caller: "count-history-facts",
    sql: `SELECT count() AS facts FROM events WHERE type IN {types: Array(String)} AND ${BEFORE} LIMIT 1`,
    values: { types, ...toEnds(cursors) },
    row: z.object({ facts: z.coerce.number() }),
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  return row?.facts ?? 0;
}

/** A fact, and those of its objects that belong to the part that it was read for. */
export interface HistoryFact {
  fact: Fact;
  subjects: string[];
}

/** The facts of a part, in the order of their logs. Read without a scope: what it makes is filtered by whoever asks. */
export async function listHistoryFacts(reader: StoreReader, asker: Asker, part: HistoryPart): Promise<HistoryFact[]> {
  const rows = await reader.ask(toWide(asker), {
    caller: "list-history-facts",
    sql: `SELECT ${COLUMNS}, arrayMap(${IS_SUBJECT}, object_types, object_ids) AS of_part
      FROM events WHERE ${toPartFilter(part)} ORDER BY log, position LIMIT ${MAX_FACTS}`,
    values: toValues(part),
    row: factRow,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  return rows.map((row) => ({
    fact: toFact(NAMES.map((name) => row[name])),
    subjects: [...new Set(row.object_ids.filter((_, index) => row.of_part[index] === 1))],
  }));
}

const statementRow = z.object({ source: z.string(), id: z.string(), revision: z.int(), digest_hex: z.string() });

/**
 * Which statement counts of each identity of a part that was stated more than once before the watermark, also where its
 * statements name other objects.
 */
export async function listHistoryContests(
  reader: StoreReader,
  asker: Asker,
  part: HistoryPart,
): Promise<Map<string, Contest>> {
  const rows = await reader.ask(toWide(asker), {
    caller: "list-history-contests",
    sql: `SELECT DISTINCT source, id, revision, lower(hex(digest)) AS digest_hex FROM events
      WHERE (log, position) IN (SELECT log, position FROM event_identities WHERE identity IN (
        SELECT identity FROM event_identities
        WHERE identity IN (SELECT identity FROM events WHERE ${toPartFilter(part)}) AND ${BEFORE}
        GROUP BY identity HAVING count() > 1)) AND ${BEFORE} LIMIT ${MAX_FACTS}`,
    values: toValues(part),
    row: statementRow,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  const statements = rows.map(({ digest_hex: digest, ...row }) => ({ ...row, digest }));
  return new Map(
    [...Map.groupBy(statements, toIdentity)].flatMap(([identity, own]): [string, Contest][] => {
      const [winner, second] = own.toSorted(compareStatements);
      if (winner === undefined || second === undefined) return [];
      const { revision, digest } = winner;
      return [[identity, { revision, digest, isConflict: second.revision === revision }]];
    }),
  );
}

function toWide({ signal }: Asker): Asker {
  return { scope: EVERYTHING, ...(signal && { signal }) };
}

function toEnds(cursors: Cursors) {
  const logs = Object.keys(cursors);
  return { logs, ends: logs.map((log) => cursors[log] ?? 0) };
}

function toValues({ types, subjectType, cursors, part, parts, subjects }: HistoryPart): Record<string, unknown> {
  const isNarrow = subjects === undefined ? 0 : 1;
  return { types, subjectType, part, parts, isNarrow, subjects: subjects ?? [], ...toEnds(cursors) };
}
