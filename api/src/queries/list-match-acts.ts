import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import { WORK_VERBS } from "../contract/match-work.ts";
import { WORK_STATES } from "../matches/work-state.ts";
import { type MatchSlot, SLOT_COLUMNS } from "../matches/match-id.ts";
import type { Asker, StoreReader } from "./ask.ts";
import { toStoreTime } from "./conditions.ts";
import { OF_SLOTS, toSlotChunks } from "./match-slots.ts";
import { matchSlotShape } from "./match-row.ts";

const MAX_ROWS = 100_000;
const FAR = "2199-12-31T00:00:00Z";

/** An act as `match_work` holds it; with each, how the work stood after it. */
export const matchActRow = z.object({
  ...matchSlotShape,
  version: z.int(),
  verb: z.enum(WORK_VERBS),
  state: z.enum(WORK_STATES),
  batch: z.number(),
  fingerprint: z.string(),
  taken_by: z.string(),
  taker: z.string(),
  accepted_by: z.string(),
  accepter: z.string(),
  approved_by: z.string(),
  approver: z.string(),
  reason: z.string(),
  difference: z.string(),
  currency: z.string(),
  minutes: z.int(),
  worked_at: instant,
  note: z.string(),
  at: instant,
  actor: z.string(),
  actor_name: z.string(),
  site: z.string(),
  domain: z.string(),
});
export type MatchActRow = z.infer<typeof matchActRow>;

/** All that was done about the slots up to a moment, in its order. */
export async function listMatchActs(
  reader: StoreReader,
  asker: Asker,
  { slots, asOf }: { slots: readonly MatchSlot[]; asOf?: string | undefined },
): Promise<MatchActRow[]> {
  const answers = await Promise.all(
    toSlotChunks(slots).map((chunk) =>
      reader.ask(asker, {
        caller: "list-match-acts",
        sql: `SELECT ${SLOT_COLUMNS}, version, verb, state, batch, fingerprint, taken_by, taker, accepted_by, accepter,
            approved_by, approver, reason, difference, currency, minutes, worked_at, note, at, actor, actor_name, site, domain
          FROM match_work WHERE ${OF_SLOTS} AND at <= {asOf: DateTime64(3, 'UTC')}
          ORDER BY version LIMIT ${MAX_ROWS}`,
        values: { slots: chunk, asOf: toStoreTime(asOf ?? FAR) },
        row: matchActRow,
      }),
    ),
  );
  return answers.flat();
}
