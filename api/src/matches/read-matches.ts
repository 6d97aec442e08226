import type { Pack } from "@throughline/schemas/pack/flow";
import { type MatchRouting, findMatchOwner, isStopping } from "@throughline/schemas/pack/match-routing";
import type { MatchItem } from "../contract/match.ts";
import type { MatchWork } from "../contract/match-work.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { type MatchActRow, listMatchActs } from "../queries/list-match-acts.ts";
import { type MatchVersionRow, listMatchVersions } from "../queries/list-match-versions.ts";
import { needsWork } from "../projections/matches/fingerprint.ts";
import { parseCauses, toMatchItem } from "../queries/match-row.ts";
import { type MatchSlot, toSlotKey } from "./match-id.ts";
import { type ResultVersion, findStanding } from "./work-state.ts";
import { findWorth, needsSecondPerson, toStake } from "./worth.ts";

export interface MatchReading {
  reader: StoreReader;
  asker: Asker;
  pack: Pick<Pack, "matchRouting">;
  asOf?: string | undefined;
  /** The newest evaluation that is looked at. */
  ceiling?: string | undefined;
  /** Milliseconds since 1970 UTC. */
  now: number;
}

/** A match with all that was ever said and done about it. */
export interface KnownMatch {
  item: MatchItem;
  versions: MatchVersionRow[];
  acts: MatchActRow[];
}

/** What stands in the slots, in their order; slots in which nothing stands are left out. */
export async function readMatches(reading: MatchReading, slots: readonly MatchSlot[]): Promise<KnownMatch[]> {
  if (slots.length === 0) return [];
  const { reader, asker, asOf, ceiling } = reading;
  const [versionRows, actRows] = await Promise.all([
    listMatchVersions(reader, asker, { slots, asOf, ceiling }),
    listMatchActs(reader, asker, { slots, asOf }),
  ]);
  const versionsOf = Map.groupBy(versionRows, toSlotKey);
  const actsOf = Map.groupBy(actRows, toSlotKey);
  return slots.flatMap((slot) => {
    const versions = versionsOf.get(toSlotKey(slot)) ?? [];
    const acts = actsOf.get(toSlotKey(slot)) ?? [];
    const current = versions.at(-1);
    if (current === undefined || current.is_removed === 1) return [];
    return [{ item: { ...toMatchItem(current), work: toMatchWork(versions, acts, reading) }, versions, acts }];
  });
}

/** How the work on a match stands; null where nothing ever kept it from being paid. */
function toMatchWork(
  versions: readonly MatchVersionRow[],
  acts: readonly MatchActRow[],
  { pack, now }: Pick<MatchReading, "pack" | "now">,
): MatchWork | null {
  const results = versions.map(toResult);
  const standing = findStanding(results, acts);
  const latest = results.findLastIndex((result) => !result.isRemoved && needsWork(result));
  const [row, result] = [versions[latest], results[latest]];
  if (standing === undefined || row === undefined || result === undefined) return null;
  const { causes } = result;
  const billed = row.amount === "" ? null : { value: row.amount, currency: row.currency };
  const worth = findWorth(causes, billed);
  const { act } = standing;
  const routing = pack.matchRouting;
  return {
    state: standing.state,
    owner: findOwner(routing, row, causes[0]?.code),
    stake: toStake(row.kind, billed),
    worth: worth ?? null,
    needsSecondPerson: needsSecondPerson(worth, routing),
    raisedAt: standing.raisedAt,
    resolvedAt: standing.resolvedAt ?? null,
    nextOn: findNextDay(row, new Date(now).toISOString().slice(0, 10)),
    nextActions: causes.flatMap(({ code }) => {
      const action = routing?.nextActions[code];
      return isStopping(code) && action !== undefined ? [{ code, action }] : [];
    }),
    takenBy: toPerson(act?.taken_by, act?.taker),
    acceptedBy: toPerson(act?.accepted_by, act?.accepter),
    approvedBy: toPerson(act?.approved_by, act?.approver),
    reason: act?.reason ?? "",
    minutes: standing.minutes,
    isReopened: standing.isReopened,
    version: standing.version,
    seen: standing.fingerprint,
  };
}

export function toResult(row: MatchVersionRow): ResultVersion {
  const { batch, evaluated_at: evaluatedAt } = row;
  return { kind: row.kind, batch, evaluatedAt, causes: parseCauses(row.causes), isRemoved: row.is_removed === 1 };
}

function findOwner(
  routing: MatchRouting | undefined,
  row: MatchVersionRow,
  code: MatchItem["causes"][number]["code"] | undefined,
): MatchWork["owner"] {
  const { company, supplier_group: supplierGroup, item_category: itemCategory } = row;
  return (code && findMatchOwner(routing, { code, company, supplierGroup, itemCategory })) ?? null;
}

/** The last day of the discount as long as it is ahead, then the day on which it is due. */
function findNextDay(
  { discount_on: discountOn, due_on: dueOn }: Pick<MatchVersionRow, "discount_on" | "due_on">,
  today: string,
): string | null {
  if (discountOn !== "" && discountOn >= today) return discountOn;
  return dueOn === "" ? null : dueOn;
}

function toPerson(id: string | undefined, name: string | undefined): { id: string; name: string } | null {
  return id === undefined || id === "" ? null : { id, name: name ?? "" };
}
