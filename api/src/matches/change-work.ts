import type { Principal } from "@throughline/schemas/access";
import { AppError } from "@throughline/schemas/error";
import type { Audit } from "../actions/record-audit.ts";
import { assertSecondPerson } from "../actions/second-person.ts";
import type { StoreMatchAct } from "../actions/store-match-act.ts";
import type { MatchItem } from "../contract/match.ts";
import type { MatchWork, WORK_VERBS } from "../contract/match-work.ts";
import type { MatchActRow } from "../queries/list-match-acts.ts";
import { type MatchSlot, toMatchId } from "./match-id.ts";
import { type KnownMatch, type MatchReading, readMatches } from "./read-matches.ts";
import type { WorkState } from "./work-state.ts";

export type WorkVerb = (typeof WORK_VERBS)[number];

/** What changing the work on a match works with, and on whose behalf. */
export interface WorkContext extends MatchReading {
  store: StoreMatchAct;
  audit: Audit;
  actor: Pick<Principal, "id" | "name">;
  requestId: string;
}

export interface WorkRequest {
  version: number;
  note?: string;
  reason?: string;
  seen?: string;
  minutes?: number;
  workedAt?: string | undefined;
}

/** From which states a verb leads on. */
const FROM: Record<WorkVerb, readonly WorkState[]> = {
  take: ["open", "in_work"],
  release: ["in_work"],
  log: ["open", "in_work", "proposed", "accepted", "resolved"],
  accept: ["open", "in_work"],
  approve: ["proposed"],
  withdraw: ["proposed", "accepted"],
};

/**
 * Records what somebody does about a match. Throws `not_found` for one that the actor may not see, `conflict` when it no longer
 * stands as it was seen, and `second_person_required` where who accepted it approves as well.
 */
export async function changeWork(
  context: WorkContext,
  { slot, verb, request }: { slot: MatchSlot; verb: WorkVerb; request: WorkRequest },
): Promise<MatchItem> {
  const [known] = await readMatches(context, [slot]);
  const work = known?.item.work;
  if (known === undefined || !work) throw new AppError("not_found", "There is no work on a match of this name.");
  assertPossible(work, { verb, request });
  if (verb === "approve")
    assertSecondPerson(context.actor, work.acceptedBy?.id ?? "", { verb, what: "that a match is accepted" });
  const row = toAct(context, known, { slot, verb, request });
  await context.audit({
    actor: context.actor.id,
    action: `match.${verb}`,
    target: toMatchId(slot),
    detail: {
      version: row.version,
      state: row.state,
      fingerprint: row.fingerprint,
      difference: row.difference,
      currency: row.currency,
      reason: row.reason,
      note: row.note,
      minutes: row.minutes,
    },
    requestId: context.requestId,
  });
  await context.store(row, context.requestId);
  const [changed] = await readMatches(context, [slot]);
  if (changed === undefined) throw new AppError("not_found", "It has just gone.");
  return changed.item;
}

function assertPossible(work: MatchWork, { verb, request }: { verb: WorkVerb; request: WorkRequest }) {
  if (request.version !== work.version || !FROM[verb].includes(work.state))
    throw new AppError("conflict", `It is ${work.state} by now. Read it again and decide then.`);
  if (request.seen !== undefined && request.seen !== work.seen)
    throw new AppError("conflict", "It differs otherwise by now. Read it again and decide then.");
}

const NOBODY = { taken_by: "", taker: "", accepted_by: "", accepter: "", approved_by: "", approver: "", reason: "" };

function toAct(
  { actor, now }: WorkContext,
  { item, versions }: KnownMatch,
  { slot, verb, request }: { slot: MatchSlot; verb: WorkVerb; request: WorkRequest },
): MatchActRow {
  const { work } = item;
  if (!work) throw new AppError("internal", "An act needs work.");
  const at = new Date(now).toISOString();
  const workedAt = request.workedAt === undefined ? now : Date.parse(request.workedAt);
  if (workedAt > now)
    throw new AppError("invalid_request", "Nobody has worked then yet.", {
      issues: [{ path: "/body/workedAt", message: "must not be later than now" }],
    });
  return {
    subject_type: slot.subject_type,
    subject_id: slot.subject_id,
    document: slot.document,
    kind: slot.kind,
    order_line: slot.order_line,
    line: slot.line,
    version: work.version + 1,
    verb,
    ...toPeople(work, { verb, actor, reason: request.reason ?? "" }),
    batch: versions.at(-1)?.batch ?? 0,
    fingerprint: work.seen,
    difference: work.worth?.value ?? "",
    currency: work.worth?.currency ?? "",
    minutes: request.minutes ?? 0,
    worked_at: new Date(workedAt).toISOString(),
    note: request.note ?? "",
    at,
    actor: actor.id,
    actor_name: actor.name,
    site: item.site,
    domain: item.domain,
  };
}

/** The state that a verb leads to, and who has it, accepted it and approved that from then on. */
function toPeople(
  work: MatchWork,
  { verb, actor, reason }: { verb: WorkVerb; actor: WorkContext["actor"]; reason: string },
): Pick<MatchActRow, keyof typeof NOBODY | "state"> {
  const taken = { taken_by: work.takenBy?.id ?? "", taker: work.takenBy?.name ?? "" };
  const accepted = {
    accepted_by: work.acceptedBy?.id ?? "",
    accepter: work.acceptedBy?.name ?? "",
    reason: work.reason,
  };
  const approved = { approved_by: work.approvedBy?.id ?? "", approver: work.approvedBy?.name ?? "" };
  if (verb === "take") return { ...NOBODY, taken_by: actor.id, taker: actor.name, state: "in_work" };
  if (verb === "release") return { ...NOBODY, state: "open" };
  if (verb === "accept") {
    const state = work.needsSecondPerson ? "proposed" : "accepted";
    return { ...NOBODY, ...taken, accepted_by: actor.id, accepter: actor.name, reason, state };
  }
  if (verb === "approve")
    return { ...NOBODY, ...taken, ...accepted, approved_by: actor.id, approver: actor.name, state: "accepted" };
  if (verb === "withdraw") return { ...NOBODY, ...taken, state: work.takenBy ? "in_work" : "open" };
  return { ...taken, ...accepted, ...approved, state: work.state };
}
