import { compareStatements } from "../projections/fact.ts";
import type { JourneyEvent } from "../contract/journey.ts";
import { type EventRow, toPlainEvent } from "../queries/event-row.ts";

export type FoldedEvent = Omit<JourneyEvent, "milestones">;

/**
 * Each event once, however often it came, oldest first. Of an identity with several revisions or contents the one counts
 * that evaluation reads: the highest revision, then the smallest digest. The order of arrival decides nothing.
 */
export function foldEvents(rows: readonly EventRow[]): FoldedEvent[] {
  const distinct = new Map(rows.map((row) => [`${row.log}:${row.position_text}`, row]));
  const identities = Map.groupBy(distinct.values(), (row) => row.identity_text);
  return [...identities.values()].flatMap(foldIdentity).toSorted(compareEvents);
}

function foldIdentity(rows: readonly EventRow[]): FoldedEvent[] {
  const statements = Map.groupBy(rows, (row) => `${row.revision}:${row.digest_hex}`);
  const ranked = [...statements.values()]
    .map((copies) =>
      copies.toSorted(
        (a, b) => compareText(a.arrived_at, b.arrived_at) || compareText(a.position_text, b.position_text),
      ),
    )
    .flatMap(([first, ...again]) => (first ? [{ first, duplicates: again.length }] : []))
    .toSorted((a, b) => compareStatements(toStatement(a.first), toStatement(b.first)));
  const top = ranked[0]?.first;
  return ranked.map(({ first, duplicates }) =>
    Object.assign(toPlainEvent(first), {
      standing: toStanding(first, top),
      isConflict: ranked.some((other) => other.first !== first && other.first.revision === first.revision),
      duplicates,
    }),
  );
}

function toStanding(row: EventRow, top: EventRow | undefined): FoldedEvent["standing"] {
  if (row === top) return "counts";
  return row.revision === top?.revision ? "outvoted" : "superseded";
}

function toStatement(row: EventRow) {
  return { revision: row.revision, digest: row.digest_hex };
}

function compareEvents(a: FoldedEvent, b: FoldedEvent): number {
  return (
    compareText(a.time, b.time) || compareText(a.source, b.source) || compareText(a.id, b.id) || b.revision - a.revision
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
