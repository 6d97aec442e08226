import { randomUUID } from "node:crypto";
import { isInScope, type Principal } from "@throughline/schemas/access";
import { AppError } from "@throughline/schemas/error";
import type { Pack } from "@throughline/schemas/pack/flow";
import type { Excuse, ExcuseChange, ExcuseEnd, ExcuseState, NewExcuse } from "../contract/excuse.ts";
import type { Audit } from "../actions/record-audit.ts";
import { assertSecondPerson } from "../actions/second-person.ts";
import type { StoreExcuse } from "../actions/store-excuse.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { type ExcuseRow, toExcuse } from "../queries/excuse-row.ts";
import { listExcuseVersions } from "../queries/list-excuse-versions.ts";
import { listExcuseIssues } from "./check-excuse.ts";

export type ExcuseVerb = "approve" | "reject" | "withdraw" | "end";

/** What changing a window works with, and on whose behalf. */
export interface ExcuseContext {
  reader: StoreReader;
  asker: Asker;
  pack: Pack;
  store: StoreExcuse;
  audit: Audit;
  actor: Pick<Principal, "id" | "name" | "scope">;
  requestId: string;
  now: number;
}

/** From which states a verb leads where. */
const WAYS: Record<ExcuseVerb, { from: readonly ExcuseState[]; to: ExcuseState }> = {
  approve: { from: ["requested"], to: "approved" },
  reject: { from: ["requested"], to: "rejected" },
  withdraw: { from: ["requested", "approved", "ended"], to: "withdrawn" },
  end: { from: ["approved"], to: "ended" },
};

/** Records that somebody wants a stretch of time not to count. Throws `invalid_request` with every mistake in it. */
export async function requestExcuse(context: ExcuseContext, asked: NewExcuse): Promise<Excuse> {
  const { actor, pack, now } = context;
  const issues = listExcuseIssues(asked, { pack, now });
  if (issues.length > 0) throw new AppError("invalid_request", "This window cannot be recorded.", { issues });
  const { kind, flow = "", leg = "", site = "", supplier = "", source = "", reason } = asked;
  const domain = pack.flows.get(flow)?.domain ?? "";
  if (!isInScope(actor.scope, { site, domain }))
    throw new AppError("forbidden", "A window may cover only what you may see: name a site, and a flow, of your own.");
  const at = new Date(now).toISOString();
  const id = randomUUID();
  const row: ExcuseRow = {
    id,
    version: 1,
    kind,
    state: "requested",
    flow,
    leg,
    site,
    domain,
    supplier,
    source,
    reason,
    from_at: toInstant(asked.from),
    until_at: asked.until === undefined ? null : toInstant(asked.until),
    requested_at: at,
    requested_by: actor.id,
    requester: actor.name,
    decided_at: null,
    decided_by: "",
    decider: "",
    ...toChanged(context, ""),
  };
  await record(context, { verb: "request", row });
  return toExcuse(row);
}

/**
 * Records a decision about a window. Throws `not_found` for one that the actor may not see, `second_person_required` where
 * who requested it decides as well, and `conflict` when it no longer stands as it was seen.
 */
export async function changeExcuse(
  context: ExcuseContext,
  { id, verb, change }: { id: string; verb: ExcuseVerb; change: ExcuseChange & Pick<ExcuseEnd, "until"> },
): Promise<Excuse> {
  const { reader, asker, actor, now } = context;
  const current = (await listExcuseVersions(reader, asker, { ids: [id], asOf: undefined })).at(-1);
  if (current === undefined) throw new AppError("not_found", `There is no window ${id}.`);
  assertPossible(current, { verb, version: change.version });
  const isDecision = verb === "approve" || verb === "reject";
  if (isDecision) assertSecondPerson(actor, current.requested_by, { verb, what: "a window" });
  const at = new Date(now).toISOString();
  const row: ExcuseRow = {
    ...current,
    version: current.version + 1,
    state: WAYS[verb].to,
    ...(verb === "end" && { until_at: toEnd(current, { until: change.until, now }) }),
    ...(isDecision && { decided_at: at, decided_by: actor.id, decider: actor.name }),
    ...toChanged(context, change.note),
  };
  await record(context, { verb, row });
  return toExcuse(row);
}

function assertPossible(current: ExcuseRow, { verb, version }: { verb: ExcuseVerb; version: number }) {
  const { state, actor_name: name, at } = current;
  if (version !== current.version || !WAYS[verb].from.includes(state))
    throw new AppError("conflict", `It is ${state} since ${at}, by ${name}. Read it again and decide then.`);
  if (verb === "end" && (current.kind !== "pause" || current.until_at !== null))
    throw new AppError("conflict", "Only a pause that is open can be ended. Another window can be withdrawn.");
}

function toEnd({ from_at }: ExcuseRow, { until, now }: { until: string | undefined; now: number }): string {
  const end = until === undefined ? now : Date.parse(until);
  const issue = (message: string) =>
    new AppError("invalid_request", "The pause cannot end then.", { issues: [{ path: "/body/until", message }] });
  if (end > now) throw issue("must not be later than now");
  if (end <= Date.parse(from_at))
    throw issue(`must be later than its start, ${from_at}; what has not begun can be withdrawn`);
  return new Date(end).toISOString();
}

function toChanged({ actor, now }: ExcuseContext, note: string) {
  return { at: new Date(now).toISOString(), actor: actor.id, actor_name: actor.name, note };
}

function toInstant(time: string): string {
  return new Date(time).toISOString();
}

async function record(context: ExcuseContext, { verb, row }: { verb: ExcuseVerb | "request"; row: ExcuseRow }) {
  const { audit, store, actor, requestId } = context;
  const { version, state, note, reason, from_at: from, until_at: until } = row;
  const detail = { version, state, reason, note, from, until };
  await audit({ actor: actor.id, action: `excuse.${verb}`, target: row.id, detail, requestId });
  await store(row, requestId);
}
