import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { z } from "zod";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";
import type { Cursors } from "./find-arrival-watermark.ts";

/** Which later events may say something else of a time before a cut-off. */
export interface LateQuestion {
  types: readonly string[];
  subjectType: string;
  from: Cursors;
  until: Cursors;
  cutoff: number;
  /** Events of any time count, because their dates are those that they state, or because they are levels. */
  isDated: boolean;
}

const LATE = `type IN {types: Array(String)} AND position >= transform(log, {logs: Array(String)}, {starts: Array(UInt64)}, toUInt64(0))
  AND position < transform(log, {ends: Array(String)}, {endings: Array(UInt64)}, toUInt64(0))`;

/**
 * The objects of which something arrived later that may change a time before a cut-off: events of that time, and statements of
 * events that were stated before. The first `most` by name. Read without a scope.
 */
export async function listLateSubjects(
  reader: StoreReader,
  { signal }: Asker,
  { question, most }: { question: LateQuestion; most: number },
): Promise<string[]> {
  const { types, subjectType, from, until, cutoff, isDated } = question;
  const [logs, ends] = [Object.keys(from), Object.keys(until)];
  const rows = await reader.ask(
    { scope: EVERYTHING, ...(signal && { signal }) },
    {
      caller: "list-late-subjects",
      sql: `SELECT DISTINCT name FROM (
          SELECT object_types, object_ids FROM events WHERE (log, position) IN (
            SELECT log, position FROM events WHERE ${LATE} AND ({isDated: UInt8} = 1 OR time < {cutoff: DateTime64(3, 'UTC')})
            UNION ALL
            SELECT log, position FROM event_identities WHERE identity IN (
              SELECT identity FROM event_identities WHERE identity IN (SELECT identity FROM events WHERE ${LATE})
              GROUP BY identity HAVING count() > 1)))
        ARRAY JOIN object_types AS kind, object_ids AS name
        WHERE kind = {subjectType: String} ORDER BY name LIMIT {most: UInt32}`,
      values: {
        types,
        subjectType,
        logs,
        starts: logs.map((log) => from[log] ?? 0),
        ends,
        endings: ends.map((log) => until[log] ?? 0),
        cutoff: toStoreTime(cutoff),
        isDated: isDated ? 1 : 0,
        most,
      },
      row: z.object({ name: z.string() }),
      timeoutSeconds: 20,
    },
  );
  return rows.map(({ name }) => name);
}
