import type { ClickHouseClient } from "@clickhouse/client";
import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import type { Fact } from "./fact.ts";

/** Stores facts as a gateway's log would: one committed batch a call, positions dense from `first`. Returns the next. */
export async function storeBatch(
  client: ClickHouseClient,
  facts: readonly Fact[],
  options: { log: string; batch: number; first: number; committedAt?: number },
): Promise<number> {
  const next = options.first + facts.length;
  await client.insert({
    table: "events",
    values: facts.map((fact, index) => toEventRow(fact, options.log, options.first + index)),
    format: "JSONEachRow",
  });
  await client.insert({
    table: "commits",
    values: [
      {
        log: options.log,
        batch: options.batch,
        first_position: options.first,
        last_position: next - 1,
        events: facts.length,
        committed_at: toTimestamp(options.committedAt ?? Math.max(...facts.map(({ arrivedAt }) => arrivedAt))),
      },
    ],
    format: "JSONEachRow",
  });
  return next;
}

function toEventRow(fact: Fact, log: string, position: number) {
  const measures = Object.entries(fact.measures);
  return {
    log,
    position,
    arrived_at: toTimestamp(fact.arrivedAt),
    source: fact.source,
    id: fact.id,
    revision: fact.revision,
    digest: fact.digest.slice(0, 16),
    type: fact.type,
    domain: fact.domain,
    time: toTimestamp(fact.time),
    imprecise_ms: fact.impreciseMs ?? 0,
    site: fact.site,
    object_types: fact.objects.map(({ type }) => type),
    object_ids: fact.objects.map(({ id }) => id),
    object_roles: fact.objects.map(() => ""),
    outcome: fact.outcome,
    reverses: fact.reverses === undefined ? "" : JSON.stringify(fact.reverses),
    measure_names: measures.map(([name]) => name),
    measure_values: measures.map(([, { value }]) => value),
    measure_units: measures.map(([, measure]) => ("unit" in measure ? measure.unit : "")),
    measure_currencies: measures.map(([, measure]) => ("currency" in measure ? measure.currency : "")),
    attributes: JSON.stringify(fact.attributes),
    sequence: "sequence" in fact ? fact.sequence : -1,
  };
}
