import { type Measure, reversal } from "@throughline/schemas/event";
import type { Fact } from "../fact.ts";
import { toSeenHash } from "./seen-keys.ts";

/** The columns that a fact is read from, in the order that `toFact` expects. */
export const FACT_COLUMNS = `log, position, source, id, revision, lower(hex(digest)), type, domain,
  toUnixTimestamp64Milli(time), toUnixTimestamp64Milli(arrived_at), site, outcome, object_types, object_ids, reverses,
  measure_names, measure_values, measure_units, measure_currencies, attributes, sequence,
  imprecise_ms`;

/** The hashes of the identity and of each object; they follow the columns of a fact. */
export const SEEN_COLUMNS = `${toSeenHash("identity")},
  arrayMap((type, id) -> ${toSeenHash("sipHash64(type, id)")}, object_types, object_ids)`;

export interface StoredFact extends Fact {
  sequence: number;
}

const NO_MEASURES: Readonly<Record<string, Measure>> = {};
const NO_ATTRIBUTES: Readonly<Record<string, unknown>> = {};
const MAX_WORDS = 50_000;

/**
 * Keeps one copy of each word that recurs in most rows (types, sources, sites), which every answer brings anew. Bounded:
 * it starts again when words turn out not to recur.
 */
const words = new Map<string, string>();

function toWord(value: unknown): string {
  const text = String(value);
  const known = words.get(text);
  if (known !== undefined) return known;
  if (words.size >= MAX_WORDS) words.clear();
  words.set(text, text);
  return text;
}

/** Reads a fact from the columns of `FACT_COLUMNS`. */
export function toFact(columns: readonly unknown[]): StoredFact {
  const objectIds = toStrings(columns[13]);
  const reverses = String(columns[14]);
  const measureNames = toStrings(columns[15]);
  const attributes = String(columns[19]);
  return {
    log: toWord(columns[0]),
    position: Number(columns[1]),
    source: toWord(columns[2]),
    id: String(columns[3]),
    revision: Number(columns[4]),
    digest: String(columns[5]),
    type: toWord(columns[6]),
    domain: toWord(columns[7]),
    time: Number(columns[8]),
    arrivedAt: Number(columns[9]),
    site: toWord(columns[10]),
    outcome: toWord(columns[11]),
    objects: toStrings(columns[12]).map((type, index) => ({ type: toWord(type), id: objectIds[index] ?? "" })),
    reverses: reverses === "" ? undefined : reversal.parse(JSON.parse(reverses)),
    measures: measureNames.length === 0 ? NO_MEASURES : toMeasures(measureNames, columns),
    attributes: attributes === "" ? NO_ATTRIBUTES : toRecord(JSON.parse(attributes)),
    sequence: Number(columns[20]),
    ...(columns[21] === 0 ? {} : { impreciseMs: Number(columns[21]) }),
  };
}

function toMeasures(names: readonly string[], columns: readonly unknown[]): Readonly<Record<string, Measure>> {
  const [values, units, currencies] = [toStrings(columns[16]), toStrings(columns[17]), toStrings(columns[18])];
  const measures: Record<string, Measure> = {};
  names.forEach((name, index) => {
    const value = values[index] ?? "0";
    const currency = toWord(currencies[index] ?? "");
    measures[toWord(name)] = currency === "" ? { value, unit: toWord(units[index] ?? "") } : { value, currency };
  });
  return measures;
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : NO_ATTRIBUTES;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function toStrings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
