import type { Fact } from "../projections/fact.ts";
import { type EventRow, toPlainEvent } from "../queries/event-row.ts";

/** An event as evaluation sees it. */
export function toFact(row: EventRow): Fact {
  const { objects, measures, attributes, reverses } = toPlainEvent(row);
  return {
    log: row.log,
    position: Number(row.position_text),
    source: row.source,
    id: row.id,
    revision: row.revision,
    digest: row.digest_hex,
    type: row.type,
    domain: row.domain,
    time: Date.parse(row.time),
    ...(row.imprecise_ms > 0 && { impreciseMs: row.imprecise_ms }),
    arrivedAt: Date.parse(row.arrived_at),
    site: row.site,
    outcome: row.outcome,
    objects,
    reverses: reverses ?? undefined,
    measures,
    attributes,
  };
}
