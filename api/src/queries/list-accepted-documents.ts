import { matchOutcome } from "@throughline/schemas/match";
import { z } from "zod";
import { SLOT_COLUMNS as SLOT } from "../matches/match-id.ts";
import { WORK_STATES } from "../matches/work-state.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";
import { matchSlotShape } from "./match-row.ts";

const TIMEOUT_SECONDS = 20;
const FAR = "2199-12-31T00:00:00Z";
const DOCUMENT = "subject_type, subject_id, document";
const ACCEPTED = `(${DOCUMENT}) IN (
  SELECT ${DOCUMENT} FROM match_work WHERE state = 'accepted' AND at <= {asOf: DateTime64(3, 'UTC')})`;

const resultRow = z.object({
  ...matchSlotShape,
  batch: z.number(),
  outcome: matchOutcome,
  causes: z.string(),
  evaluated: z.number(),
  is_removed: z.int(),
});
const actRow = z.object({
  ...matchSlotShape,
  version: z.int(),
  verb: z.string(),
  state: z.enum(WORK_STATES),
  batch: z.number(),
  fingerprint: z.string(),
  minutes: z.int(),
  done: z.number(),
});

/** Results and acts of documents of which anything was ever accepted. Times in milliseconds since 1970 UTC. */
export interface AcceptedDocuments {
  results: z.infer<typeof resultRow>[];
  acts: z.infer<typeof actRow>[];
}

/** All that was said and done about documents of which anything was accepted by a moment, each in its order. */
export async function listAcceptedDocuments(
  reader: StoreReader,
  asker: Asker,
  { asOf, limit }: { asOf: string | undefined; limit: number },
): Promise<AcceptedDocuments> {
  const shared = {
    caller: "list-accepted-documents",
    values: { asOf: toStoreTime(asOf ?? FAR), limit },
    timeoutSeconds: TIMEOUT_SECONDS,
  };
  const [results, acts] = await Promise.all([
    reader.ask(asker, {
      ...shared,
      sql: `SELECT ${SLOT}, batch, outcome, causes, toUnixTimestamp64Milli(evaluated_at) AS evaluated, is_removed
        FROM match_results WHERE ${ACCEPTED} AND evaluated_at <= {asOf: DateTime64(3, 'UTC')}
        ORDER BY batch LIMIT {limit: UInt32}`,
      row: resultRow,
    }),
    reader.ask(asker, {
      ...shared,
      sql: `SELECT ${SLOT}, version, verb, state, batch, fingerprint, minutes, toUnixTimestamp64Milli(at) AS done
        FROM match_work WHERE ${ACCEPTED} AND at <= {asOf: DateTime64(3, 'UTC')}
        ORDER BY version LIMIT {limit: UInt32}`,
      row: actRow,
    }),
  ]);
  return { results, acts };
}
