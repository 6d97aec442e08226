import { AppError } from "@throughline/schemas/error";
import type { Pack } from "@throughline/schemas/pack/flow";
import { findProfile } from "@throughline/schemas/pack/tolerance";
import type { MatchDetail, MatchItem } from "../contract/match.ts";
import type { MatchAct, MatchChangeItem, MatchDerivation } from "../contract/match-work.ts";
import { toJourneyHref } from "../http/href.ts";
import { isPosted } from "../projections/matches/cause.ts";
import type { Invoice } from "../projections/matches/documents.ts";
import { explainInvoice, explainOrder } from "../projections/matches/explain-match.ts";
import type { MatchContext } from "../projections/matches/match.ts";
import { roleOf } from "../projections/matches/trade-types.ts";
import type { EventRow } from "../queries/event-row.ts";
import type { MatchActRow } from "../queries/list-match-acts.ts";
import { type MatchVersionRow, listMatchVersions } from "../queries/list-match-versions.ts";
import { parseCauses } from "../queries/match-row.ts";
import { toInvoiceDerivation, toOrderDerivation } from "./derive-match.ts";
import { type MatchSlot, toSlotKey } from "./match-id.ts";
import { type MatchSources, readHistory, toEventKey } from "./read-history.ts";
import { type KnownMatch, type MatchReading, readMatches, toResult } from "./read-matches.ts";
import { findStanding } from "./work-state.ts";

/** Events that are named as what brought a result, at most. */
const MAX_EVENTS_SHOWN = 12;

export interface MatchDetailReading extends MatchReading {
  pack: Pick<Pack, "matchRouting" | "tolerances" | "units">;
}

/** A match with how it came about, and all that was said and done about it. Throws `not_found` where nothing stands. */
export async function getMatch(reading: MatchDetailReading, slot: MatchSlot): Promise<MatchDetail> {
  const [known] = await readMatches(reading, [slot]);
  if (known === undefined) throw new AppError("not_found", "There is no match of this name that you may see.");
  const { reader, asker, pack, asOf } = reading;
  const sources = await readHistory({ reader, signal: asker.signal, units: pack.units, asOf }, slot);
  return {
    ...known.item,
    derivation: sources ? await derive(reading, { slot, item: known.item, sources }) : null,
    history: listChanges(known, { slot, rows: sources?.rows ?? [], reading }),
    acts: listActs(known),
  };
}

async function derive(
  reading: MatchDetailReading,
  { slot, item, sources }: { slot: MatchSlot; item: MatchItem; sources: MatchSources },
): Promise<MatchDerivation | null> {
  const { documents, reference } = sources;
  const { tolerances } = reading.pack;
  const context: MatchContext = {
    reference,
    profileOf: (of) => {
      const profile = findProfile(tolerances, of);
      if (profile === undefined) throw new AppError("internal", "No tolerance profile fits an order line.");
      return profile;
    },
  };
  if (tolerances.rules.length === 0) return null;
  const settled = await findSettled(reading, documents.invoices);
  const { scope } = reading.asker;
  if (slot.kind === "order") {
    const explained = explainOrder(documents, context, { id: slot.subject_id, settled });
    return explained ? toOrderDerivation(explained, { item, scope }) : null;
  }
  const key = { type: slot.subject_type, id: slot.subject_id, document: slot.document };
  const explained = explainInvoice(documents, context, { key, settled });
  return explained ? toInvoiceDerivation(explained, { slot, item, scope }) : null;
}

/** Whether other invoices are in the books, by what was said of them. */
async function findSettled(
  { reader, asker, asOf }: MatchDetailReading,
  invoices: readonly Invoice[],
): Promise<(invoice: Invoice) => boolean | undefined> {
  const toSlot = ({ type, id, document }: Invoice): MatchSlot => ({
    subject_type: type,
    subject_id: id,
    document,
    kind: "invoice",
    order_line: "",
    line: "",
  });
  const everything = { ...asker, scope: { sites: "*", domains: "*" } } as const;
  const rows = await listMatchVersions(reader, everything, { slots: invoices.map(toSlot), asOf });
  const newest = new Map(rows.map((row) => [toSlotKey(row), row]));
  return (invoice) => {
    const row = newest.get(toSlotKey(toSlot(invoice)));
    return row === undefined || row.is_removed === 1 ? undefined : isPosted(row.outcome);
  };
}

/** Every result that was given, the latest first, with what had arrived since the one before. */
function listChanges(
  { versions }: KnownMatch,
  { slot, rows, reading }: { slot: MatchSlot; rows: readonly EventRow[]; reading: MatchReading },
): MatchChangeItem[] {
  const told = rows.filter((row) => isTold(row, slot, reading));
  return versions
    .map((version, index) => ({
      evaluatedAt: version.evaluated_at,
      outcome: version.is_removed === 1 ? null : version.outcome,
      causes: version.is_removed === 1 ? [] : parseCauses(version.causes),
      ruleVersion: version.rule_version,
      events: listBetween(told, versions[index - 1], version).map((row) => toEvent(row, slot)),
    }))
    .toReversed();
}

/** Whether an event says something to the match, and the reader may see it. */
function isTold(row: EventRow, slot: MatchSlot, { asker }: MatchReading): boolean {
  const { sites } = asker.scope;
  if (roleOf(row) === undefined || (sites !== "*" && !sites.includes(row.site))) return false;
  const names = (type: string, id?: string) =>
    row.object_types.some((known, at) => known === type && (id === undefined || row.object_ids[at] === id));
  const isReference = !names("purchase_order_line") && !names("invoice") && !names("credit_memo");
  if (isReference || names(slot.subject_type, slot.subject_id)) return true;
  return slot.order_line !== "" && names("purchase_order_line", slot.order_line);
}

function listBetween(
  rows: readonly EventRow[],
  before: MatchVersionRow | undefined,
  version: MatchVersionRow,
): EventRow[] {
  const from = before === undefined ? -Infinity : Date.parse(before.evaluated_at);
  const to = Date.parse(version.evaluated_at);
  return rows
    .filter(({ arrived_at: at }) => Date.parse(at) > from && Date.parse(at) <= to)
    .toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time))
    .slice(-MAX_EVENTS_SHOWN);
}

function toEvent(row: EventRow, slot: MatchSlot): MatchChangeItem["events"][number] {
  const own = slot.order_line === "" ? slot.subject_id : slot.order_line;
  const ownType = slot.order_line === "" ? slot.subject_type : "purchase_order_line";
  const named = row.object_types.findIndex((type, at) => type === ownType && row.object_ids[at] === own);
  const at = Math.max(0, named);
  const object = { type: row.object_types[at] ?? ownType, id: row.object_ids[at] ?? own };
  return {
    key: toEventKey({ log: row.log, position: Number(row.position_text) }),
    type: row.type,
    time: row.time,
    href: toJourneyHref(object),
  };
}

function listActs({ versions, acts }: KnownMatch): MatchAct[] {
  const results = versions.map(toResult);
  return acts
    .map((act, index) => ({
      version: act.version,
      verb: act.verb,
      state: act.state,
      at: act.at,
      by: { id: act.actor, name: act.actor_name },
      note: act.verb === "accept" ? act.reason : act.note,
      minutes: act.minutes,
      workedAt: act.verb === "log" ? act.worked_at : null,
      isVoid: isVoid(results, acts.slice(0, index + 1)),
    }))
    .toReversed();
}

/** True where what an act led to no longer counts, had it been the last one. */
function isVoid(results: Parameters<typeof findStanding>[0], acts: readonly MatchActRow[]): boolean {
  return findStanding(results, acts)?.act === undefined;
}
