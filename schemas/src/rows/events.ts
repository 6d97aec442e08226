import { appendInt64, appendText, appendUint16, appendUint32, reserve } from "../clickhouse/byte-buffer.ts";
import {
  appendWord,
  createArrayColumn,
  createFixedColumn,
  createTextColumn,
  createWordColumn,
  type FixedColumn,
} from "../clickhouse/column.ts";
import type { Measure, ObjectRef } from "../event.ts";
import { type LogBlock, createLogBlock } from "./log-block.ts";

/** A row of `events` as the gateway writes it. Texts are `""` where the event has no such attribute. */
export interface EventRow {
  arrivedAtMs: number;
  source: string;
  id: string;
  revision: number;
  /** 16 bytes in hexadecimal. */
  digest: string;
  type: string;
  domain: string;
  timeMs: number;
  /** How much later it may have happened. */
  impreciseMs: number;
  site: string;
  subject: string;
  objects: readonly ObjectRef[];
  outcome: string;
  error: string;
  attempt: number;
  reason: string;
  reverses: string;
  measures: Readonly<Record<string, Measure>>;
  attributes: string;
  traceId: string;
  spanId: string;
  /** -1 where the event has none. */
  sequence: number;
  payload: string;
  extensions: string;
}

function createColumns() {
  return {
    arrived_at: createFixedColumn("DateTime64(3, 'UTC')"),
    source: createWordColumn(),
    id: createTextColumn(),
    revision: createFixedColumn("UInt32"),
    digest: createFixedColumn("FixedString(16)"),
    type: createWordColumn(),
    domain: createWordColumn(),
    time: createFixedColumn("DateTime64(3, 'UTC')"),
    imprecise_ms: createFixedColumn("UInt32"),
    site: createWordColumn(),
    subject: createTextColumn(),
    object_types: createArrayColumn(createWordColumn()),
    object_ids: createArrayColumn(createTextColumn()),
    object_roles: createArrayColumn(createWordColumn()),
    outcome: createWordColumn(),
    error: createTextColumn(),
    attempt: createFixedColumn("UInt16"),
    reason: createTextColumn(),
    reverses: createTextColumn(),
    measure_names: createArrayColumn(createWordColumn()),
    measure_values: createArrayColumn(createTextColumn()),
    measure_units: createArrayColumn(createWordColumn()),
    measure_currencies: createArrayColumn(createWordColumn()),
    attributes: createTextColumn(),
    trace_id: createTextColumn(),
    span_id: createTextColumn(),
    sequence: createFixedColumn("Int64"),
    payload: createTextColumn(),
    extensions: createTextColumn(),
  };
}

export type EventBlock = LogBlock<ReturnType<typeof createColumns>>;

export function createEventBlock(): EventBlock {
  return createLogBlock("events", createColumns());
}

/** Appends a row; it cannot fail half way. `log` and `position` are added where the log is written. */
export function appendEventRow(block: EventBlock, row: EventRow): void {
  const to = block.columns;
  appendInt64(to.arrived_at.data, row.arrivedAtMs);
  appendWord(to.source, row.source);
  appendText(to.id.data, row.id);
  appendUint32(to.revision.data, row.revision);
  appendHex(to.digest, row.digest);
  appendWord(to.type, row.type);
  appendWord(to.domain, row.domain);
  appendInt64(to.time.data, row.timeMs);
  appendUint32(to.imprecise_ms.data, row.impreciseMs);
  appendWord(to.site, row.site);
  appendText(to.subject.data, row.subject);
  appendObjects(block, row.objects);
  appendWord(to.outcome, row.outcome);
  appendText(to.error.data, row.error);
  appendUint16(to.attempt.data, row.attempt);
  appendText(to.reason.data, row.reason);
  appendText(to.reverses.data, row.reverses);
  appendMeasures(block, row.measures);
  appendText(to.attributes.data, row.attributes);
  appendText(to.trace_id.data, row.traceId);
  appendText(to.span_id.data, row.spanId);
  appendInt64(to.sequence.data, row.sequence);
  appendText(to.payload.data, row.payload);
  appendText(to.extensions.data, row.extensions);
  block.rows++;
}

function appendObjects({ columns }: EventBlock, objects: readonly ObjectRef[]) {
  const { object_types: types, object_ids: ids, object_roles: roles } = columns;
  appendUint32(types.sizes, objects.length);
  appendUint32(ids.sizes, objects.length);
  appendUint32(roles.sizes, objects.length);
  for (const { type, id, role } of objects) {
    appendWord(types.items, type);
    appendText(ids.items.data, id);
    appendWord(roles.items, role ?? "");
  }
}

function appendMeasures({ columns }: EventBlock, measures: Readonly<Record<string, Measure>>) {
  const {
    measure_names: names,
    measure_values: values,
    measure_units: units,
    measure_currencies: currencies,
  } = columns;
  let count = 0;
  for (const [name, measure] of Object.entries(measures)) {
    appendWord(names.items, name);
    appendText(values.items.data, measure.value);
    appendWord(units.items, "unit" in measure ? measure.unit : "");
    appendWord(currencies.items, "currency" in measure ? measure.currency : "");
    count++;
  }
  for (const { sizes } of [names, values, units, currencies]) appendUint32(sizes, count);
}

function appendHex(column: FixedColumn, hex: string) {
  const { data } = column;
  reserve(data, column.width);
  data.size += data.bytes.write(hex, data.size, "hex");
}
