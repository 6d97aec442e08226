import type { Fact } from "../projections/fact.ts";
import { toDuplicateKey } from "../projections/matches/duplicates.ts";
import { readDocuments } from "../projections/matches/read-documents.ts";
import { findObject, listStanding } from "../projections/matches/read-facts.ts";
import { readContractPrices, readItemUnits } from "../projections/matches/read-reference.ts";
import type { Documents } from "../projections/matches/read-documents.ts";
import type { ReferenceFacts } from "../projections/matches/reference.ts";
import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import type { UnitEquation } from "@throughline/schemas/exact/units";
import type { Asker, StoreReader } from "../queries/ask.ts";
import type { EventRow } from "../queries/event-row.ts";
import { listContestedEvents } from "../queries/list-contested-events.ts";
import { MAX_OBJECTS_ASKED, type ObjectKey, listEventsOfObjects } from "../queries/list-events-of-objects.ts";
import { listAlikeSubjects, listLookedUpEvents } from "../queries/list-match-lookups.ts";
import type { MatchSlot } from "./match-id.ts";
import { toFact } from "./to-fact.ts";

/** Events that one match may be made of; a match of more is not derived. */
const MAX_EVENTS = 20_000;
const NO_CONTESTS = new Map<string, never>();

/** What a match is derived from: documents and reference facts, and the events that state them. */
export interface MatchSources {
  documents: Documents;
  reference: ReferenceFacts;
  rows: readonly EventRow[];
}

interface Reading {
  reader: StoreReader;
  signal: AbortSignal | undefined;
  units: readonly UnitEquation[];
  asOf: string | undefined;
}

/**
 * Reads all that the judgement of a match looks at, whatever of it the reader of the answer may see: figures of a part would be
 * wrong. Undefined when there is too much of it.
 */
export async function readHistory(reading: Reading, slot: MatchSlot): Promise<MatchSources | undefined> {
  const rows = new Map<string, EventRow>();
  const asked = new Set<string>();
  const load = async (objects: readonly ObjectKey[]) => {
    const fresh = objects.filter(({ type, id }) => !asked.has(`${type}\u0000${id}`));
    for (const { type, id } of fresh) asked.add(`${type}\u0000${id}`);
    for (let start = 0; start < fresh.length && rows.size <= MAX_EVENTS; start += MAX_OBJECTS_ASKED)
      keep(rows, await listEvents(reading, fresh.slice(start, start + MAX_OBJECTS_ASKED)));
  };
  await load([{ type: slot.subject_type, id: slot.subject_id }]);
  await load(listNamed(rows, "purchase_order_line"));
  await load([...listNamed(rows, "invoice"), ...listNamed(rows, "credit_memo")]);
  const invoice = readDocuments([...rows.values()].map(toFact), NO_CONTESTS).invoices.find(
    ({ type, id, document }) => type === slot.subject_type && id === slot.subject_id && document === slot.document,
  );
  const key = invoice && toDuplicateKey(invoice);
  if (key !== undefined) await load(await listAlikeSubjects(reading.reader, askerOf(reading), key));
  await loadReferences(reading, rows);
  if (rows.size > MAX_EVENTS) return undefined;
  const identities = [...rows.values()].map(({ source, id }) => ({ source, id }));
  keep(rows, await listContestedEvents(reading.reader, askerOf(reading), { identities, asOf: reading.asOf }));
  const facts = [...rows.values()].map(toFact);
  const standing = listStanding(facts, NO_CONTESTS).facts;
  return {
    documents: readDocuments(facts, NO_CONTESTS),
    reference: {
      standardUnits: reading.units,
      itemUnits: readItemUnits(standing),
      contractPrices: readContractPrices(standing),
    },
    rows: [...rows.values()],
  };
}

/** What is known of the items, the agreed prices, and the orders as a whole. */
async function loadReferences(reading: Reading, rows: Map<string, EventRow>) {
  const ask = async (kind: "item" | "contract_price" | "purchase_order", keys: readonly string[]) =>
    keep(rows, await listLookedUpEvents(reading.reader, askerOf(reading), { kind, keys, asOf: reading.asOf }));
  await Promise.all([ask("item", namesOf(rows, "item")), ask("purchase_order", namesOf(rows, "purchase_order"))]);
  const prices = new Set([...rows.values()].map(toFact).flatMap((fact) => findObject(fact, "contract_price") ?? []));
  await ask("contract_price", [...prices]);
}

function askerOf({ signal }: Reading): Asker {
  return { scope: EVERYTHING, ...(signal && { signal }) };
}

function listEvents(reading: Reading, objects: readonly ObjectKey[]): Promise<EventRow[]> {
  return listEventsOfObjects(reading.reader, askerOf(reading), { objects, limit: MAX_EVENTS + 1, asOf: reading.asOf });
}

function keep(rows: Map<string, EventRow>, found: readonly EventRow[]) {
  for (const row of found) rows.set(`${row.log}:${row.position_text}`, row);
}

function namesOf(rows: ReadonlyMap<string, EventRow>, type: string): string[] {
  return [
    ...new Set([...rows.values()].flatMap((row) => row.object_ids.filter((_, at) => row.object_types[at] === type))),
  ];
}

function listNamed(rows: ReadonlyMap<string, EventRow>, type: string): ObjectKey[] {
  return namesOf(rows, type).map((id) => ({ type, id }));
}

/** The place of a fact of these sources, as a journey names its event. */
export function toEventKey({ log, position }: Pick<Fact, "log" | "position">): string {
  return `${log}:${position}`;
}
