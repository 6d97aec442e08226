import { ERROR_CLASSES, eventError, type Measure, OUTCOMES, reversal } from "@throughline/schemas/event";
import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { JourneyEvent } from "../contract/journey.ts";

/** The columns that an event is read from; 64-bit numbers as text. */
export const EVENT_COLUMNS = `log, toString(position) AS position_text, arrived_at, source, id, toString(identity) AS identity_text,
  revision, lower(hex(digest)) AS digest_hex, type, domain, time, imprecise_ms, site, subject, object_types, object_ids, object_roles,
  outcome, error, attempt, reason, reverses, measure_names, measure_values, measure_units, measure_currencies, attributes,
  trace_id, span_id, sequence`;

const strings = z.array(z.string());

export const eventRow = z.object({
  log: z.string(),
  position_text: z.string(),
  arrived_at: instant,
  source: z.string(),
  id: z.string(),
  identity_text: z.string(),
  revision: z.int(),
  digest_hex: z.string(),
  type: z.string(),
  domain: z.string(),
  time: instant,
  imprecise_ms: z.int(),
  site: z.string(),
  subject: z.string(),
  object_types: strings,
  object_ids: strings,
  object_roles: strings,
  outcome: z.string(),
  error: z.string(),
  attempt: z.int(),
  reason: z.string(),
  reverses: z.string(),
  measure_names: strings,
  measure_values: strings,
  measure_units: strings,
  measure_currencies: strings,
  attributes: z.string(),
  trace_id: z.string(),
  span_id: z.string(),
  sequence: z.int(),
});

export type EventRow = z.infer<typeof eventRow>;

const outcome = z.enum(OUTCOMES);
const storedError = eventError.extend({ class: z.enum(ERROR_CLASSES) });
const attributes = z.record(z.string(), z.unknown());

/** What is the same for an event however often it came. */
export type PlainEvent = Omit<JourneyEvent, "standing" | "isConflict" | "duplicates" | "milestones">;

export function toPlainEvent(row: EventRow): PlainEvent {
  const said = outcome.safeParse(row.outcome);
  return {
    key: `${row.log}:${row.position_text}`,
    source: row.source,
    id: row.id,
    revision: row.revision,
    type: row.type,
    time: row.time,
    latestAt: row.imprecise_ms === 0 ? null : new Date(Date.parse(row.time) + row.imprecise_ms).toISOString(),
    arrivedAt: row.arrived_at,
    site: row.site,
    domain: row.domain,
    subject: row.subject,
    objects: listObjects(row),
    outcome: said.success ? said.data : null,
    error: row.error === "" ? null : storedError.parse(JSON.parse(row.error)),
    attempt: row.attempt,
    reason: row.reason,
    reverses: row.reverses === "" ? null : reversal.parse(JSON.parse(row.reverses)),
    measures: listMeasures(row),
    attributes: row.attributes === "" ? {} : attributes.parse(JSON.parse(row.attributes)),
    traceId: row.trace_id,
    spanId: row.span_id,
    sequence: row.sequence < 0 ? null : row.sequence,
  };
}

function listObjects(row: EventRow) {
  return row.object_types.map((type, index) => {
    const role = row.object_roles[index] ?? "";
    return { type, id: row.object_ids[index] ?? "", ...(role !== "" && { role }) };
  });
}

function listMeasures(row: EventRow): Record<string, Measure> {
  const entries = row.measure_names.map((name, index): [string, Measure] => {
    const value = row.measure_values[index] ?? "0";
    const currency = row.measure_currencies[index] ?? "";
    return [name, currency === "" ? { value, unit: row.measure_units[index] ?? "" } : { value, currency }];
  });
  return Object.fromEntries(entries);
}
