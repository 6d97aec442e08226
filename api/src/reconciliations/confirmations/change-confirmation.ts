import { randomUUID } from "node:crypto";
import type { Principal } from "@throughline/schemas/access";
import { AppError } from "@throughline/schemas/error";
import { absolute, formatDecimal, isZero, sum, ZERO } from "@throughline/schemas/exact/rational";
import type { Audit } from "../../actions/record-audit.ts";
import type { StoreConfirmation } from "../../actions/store-confirmation.ts";
import type { ConfirmationChange, NewConfirmation } from "../../contract/confirmation.ts";
import { toIdentity } from "../../projections/fact.ts";
import { exceeds } from "../../projections/matches/tolerance.ts";
import { KEY_SEPARATOR } from "../../projections/reconciliations/entry-key.ts";
import type { Asker, StoreReader } from "../../queries/ask.ts";
import { type ConfirmationRow, findConfirmation } from "../../queries/list-confirmations.ts";
import { type UnmatchedItem, listUnmatchedItems } from "../../queries/list-unmatched-items.ts";
import type { OpenItemsAt } from "../../queries/open-items.ts";
import { toInstant } from "../../queries/time-range.ts";

/** What recording a confirmation needs, and on whose behalf. */
export interface ConfirmationContext {
  reader: StoreReader;
  asker: Asker;
  store: StoreConfirmation;
  audit: Audit;
  actor: Pick<Principal, "id" | "name">;
  requestId: string;
  now: number;
}

export type ConfirmationVerb = "approve" | "reject" | "withdraw";

const MOST = 10_000;

/** From which states a verb leads where. */
const WAYS: Record<ConfirmationVerb, { from: readonly string[]; to: ConfirmationRow["state"] }> = {
  approve: { from: ["requested"], to: "confirmed" },
  reject: { from: ["requested"], to: "rejected" },
  withdraw: { from: ["requested", "confirmed"], to: "withdrawn" },
};

/**
 * Records that a person says that open items belong together. Above the limit it is only requested, and another person has to
 * approve it. Throws `invalid_request` for items that are not open and unmatched, or that do not offset each other.
 */
export async function requestConfirmation(
  context: ConfirmationContext,
  { at, asked }: { at: OpenItemsAt; asked: NewConfirmation },
): Promise<ConfirmationRow> {
  const { actor, now } = context;
  const { rule } = at.model;
  const items = await findItems(context, { at, asked });
  if (!isZero(sum(items.map(({ amount }) => amount))) || new Set(items.map(({ side }) => side)).size < 2)
    throw refuse("/body/items", "have to be of both sides and offset each other");
  const gross = sum(items.map(({ amount }) => absolute(amount)));
  const needsSecond = exceeds(gross, rule.secondPersonAbove);
  const sites = new Set(items.map(({ site }) => site));
  const stamp = { at: toInstant(now), actor: actor.id, actor_name: actor.name };
  const row: ConfirmationRow = {
    reconciliation: rule.id,
    id: randomUUID(),
    version: 1,
    state: needsSecond ? "requested" : "confirmed",
    unit: asked.unit,
    items: JSON.stringify(
      asked.items.map((item, index) => ({ ...item, value: formatDecimal(items[index]?.amount ?? ZERO) })),
    ),
    gross: formatDecimal(gross),
    reason: asked.reason,
    requested_at: stamp.at,
    requested_by: actor.id,
    requester: actor.name,
    decided_at: needsSecond ? null : stamp.at,
    decided_by: needsSecond ? "" : actor.id,
    decider: needsSecond ? "" : actor.name,
    ...stamp,
    note: "",
    site: sites.size === 1 ? ([...sites][0] ?? "") : "",
    domain: rule.domain,
  };
  await record(context, "request", row);
  return row;
}

/**
 * Approves, rejects or withdraws. Throws `second_person_required` where who requested it decides as well, and `conflict` when
 * it no longer stands as it was seen.
 */
export async function changeConfirmation(
  context: ConfirmationContext,
  asked: { reconciliation: string; id: string; verb: ConfirmationVerb; change: ConfirmationChange },
): Promise<ConfirmationRow> {
  const { reader, asker, actor, now } = context;
  const { reconciliation, id, verb, change } = asked;
  const current = await findConfirmation(reader, asker, { reconciliation, id });
  if (current === undefined) throw new AppError("not_found", `There is no confirmation ${id}.`);
  if (change.version !== current.version || !WAYS[verb].from.includes(current.state))
    throw new AppError("conflict", `It is ${current.state} since ${current.at}, by ${current.actor_name}.`);
  const isDecision = verb !== "withdraw";
  if (isDecision && actor.id === current.requested_by)
    throw new AppError("second_person_required", `Who requests it cannot ${verb} it: another person has to.`);
  const at = toInstant(now);
  const row: ConfirmationRow = {
    ...current,
    version: current.version + 1,
    state: WAYS[verb].to,
    ...(isDecision && { decided_at: at, decided_by: actor.id, decider: actor.name }),
    at,
    actor: actor.id,
    actor_name: actor.name,
    note: change.note,
  };
  await record(context, verb, row);
  return row;
}

async function findItems(
  { reader, asker }: ConfirmationContext,
  { at, asked }: { at: OpenItemsAt; asked: NewConfirmation },
): Promise<UnmatchedItem[]> {
  const keys = asked.items.map(({ key }) => key.join(KEY_SEPARATOR));
  const open = await listUnmatchedItems(reader, asker, { at, unit: [asked.unit], keys, most: MOST });
  const found = asked.items.map(({ side, ...named }, index) =>
    open.find((item) => item.key === keys[index] && item.side === side && item.item === toIdentity(named)),
  );
  const missing = found.findIndex((item) => item === undefined);
  if (missing >= 0) throw refuse(`/body/items/${missing}`, "is not open, or has something on the other side");
  if (new Set(found).size < found.length) throw refuse("/body/items", "name one item twice");
  return found.flatMap((item) => item ?? []);
}

function refuse(path: string, message: string): AppError {
  return new AppError("invalid_request", "These items cannot be put together.", { issues: [{ path, message }] });
}

async function record(context: ConfirmationContext, verb: ConfirmationVerb | "request", row: ConfirmationRow) {
  const { audit, store, actor, requestId } = context;
  const { id: confirmation, version, state, unit, gross, items, reason, note } = row;
  const detail = { confirmation, version, state, unit, gross, items, reason, note };
  await audit({ actor: actor.id, action: `confirmation.${verb}`, target: row.reconciliation, detail, requestId });
  await store(row, requestId);
}
