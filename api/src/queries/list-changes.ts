import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";

const MAX_ROWS = 1000;
const asker = { scope: EVERYTHING };

const commitRow = z.object({
  log: z.string(),
  batch_text: z.string(),
  events: z.int(),
  spans: z.int(),
  quarantined: z.int(),
  committed_at: instant,
});
const stepRow = z.object({ projector: z.string(), shard: z.int(), batch_text: z.string(), recorded_at: instant });

/** A batch that was stored, or an evaluation that was finished, with a key that no other has. */
export type Change =
  | { kind: "accepted"; key: string; at: string; events: number; spans: number; quarantined: number }
  | { kind: "evaluated"; key: string; at: string; projector: string };

/** What was stored and evaluated at or after `since`, oldest first; up to 1,000 of each, the newest. */
export async function listChanges(reader: StoreReader, since: number): Promise<Change[]> {
  const values = { since: toStoreTime(since) };
  const [commits, steps] = await Promise.all([
    reader.ask(asker, {
      caller: "list-new-commits",
      sql: `SELECT log, toString(batch) AS batch_text, events, spans, quarantined, committed_at FROM commits
        WHERE committed_at >= {since: DateTime64(3, 'UTC')} ORDER BY committed_at DESC LIMIT ${MAX_ROWS}`,
      values,
      row: commitRow,
    }),
    reader.ask(asker, {
      caller: "list-new-steps",
      sql: `SELECT projector, shard, toString(batch) AS batch_text, recorded_at FROM projection_steps
        WHERE phase = 'commit' AND recorded_at >= {since: DateTime64(3, 'UTC')} ORDER BY recorded_at DESC LIMIT ${MAX_ROWS}`,
      values,
      row: stepRow,
    }),
  ]);
  const accepted = commits.map(toAccepted);
  const evaluated = steps.map(toEvaluated);
  return [...accepted, ...evaluated].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.key < b.key ? -1 : 1));
}

function toAccepted(row: z.infer<typeof commitRow>): Change {
  const { log, batch_text: batch, committed_at: at, events, spans, quarantined } = row;
  return { kind: "accepted", key: `c:${log}:${batch}`, at, events, spans, quarantined };
}

function toEvaluated({ projector, shard, batch_text: batch, recorded_at: at }: z.infer<typeof stepRow>): Change {
  return { kind: "evaluated", key: `s:${projector}:${shard}:${batch}`, at, projector };
}
