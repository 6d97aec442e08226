import { type Measure, reversal } from "@throughline/schemas/event";
import { z } from "zod";
import type { Fact } from "../fact.ts";

/** Bits of the hashes by which `SeenKeys` remembers objects and identities. */
export const SEEN_BITS = 29;

/** The columns that a fact is read from, in the order that `toFact` expects. */
export const FACT_COLUMNS = `log, position, source, id, revision, lower(hex(digest)), type, domain,
  toUnixTimestamp64Milli(time), toUnixTimestamp64Milli(arrived_at), site, outcome, object_types, object_ids, reverses,
  measure_names, measure_values, measure_units, measure_currencies, attributes, sequence`;

/** The hashes of the identity and of each object, cut to `SEEN_BITS`; they follow the columns of a fact. */
export const SEEN_COLUMNS = `bitAnd(identity, ${2 ** SEEN_BITS - 1}),
  arrayMap((type, id) -> bitAnd(sipHash64(type, id), ${2 ** SEEN_BITS - 1}), object_types, object_ids)`;

export interface StoredFact extends Fact {
  sequence: number;
}

const strings = z.array(z.string());
const jsonObject = z.record(z.string(), z.unknown());
const factRow = z.object({
  0: z.string(),
  1: z.number(),
  2: z.string(),
  3: z.string(),
  4: z.number(),
  5: z.string(),
  6: z.string(),
  7: z.string(),
  8: z.number(),
  9: z.number(),
  10: z.string(),
  11: z.string(),
  12: strings,
  13: strings,
  14: z.string(),
  15: strings,
  16: strings,
  17: strings,
  18: strings,
  19: z.string(),
  20: z.number(),
});
const NO_MEASURES: ReadonlyMap<string, Measure> = new Map();
const NO_ATTRIBUTES: Readonly<Record<string, unknown>> = {};

/** Reads a fact from the columns of `FACT_COLUMNS`. */
export function toFact(columns: readonly unknown[]): StoredFact {
  const row = factRow.parse({ ...columns });
  return {
    log: row[0],
    position: row[1],
    source: row[2],
    id: row[3],
    revision: row[4],
    digest: row[5],
    type: row[6],
    domain: row[7],
    time: row[8],
    arrivedAt: row[9],
    site: row[10],
    outcome: row[11],
    objects: row[12].map((type, index) => ({ type, id: row[13][index] ?? "" })),
    reverses: row[14] === "" ? undefined : reversal.parse(JSON.parse(row[14])),
    measures: row[15].length === 0 ? NO_MEASURES : toMeasures(row[15], { values: row[16], units: row[17], currencies: row[18] }),
    attributes: row[19] === "" ? NO_ATTRIBUTES : jsonObject.parse(JSON.parse(row[19])),
    sequence: row[20],
  };
}

function toMeasures(
  names: readonly string[],
  columns: { values: readonly string[]; units: readonly string[]; currencies: readonly string[] },
): ReadonlyMap<string, Measure> {
  return new Map(
    names.map((name, index): [string, Measure] => {
      const value = columns.values[index] ?? "0";
      const currency = columns.currencies[index] ?? "";
      return [name, currency === "" ? { value, unit: columns.units[index] ?? "" } : { value, currency }];
    }),
  );
}
