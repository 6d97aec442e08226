import type { ReconciliationSide } from "@throughline/schemas/pack/reconciliation";
import type { Side } from "../projections/reconciliations/entry.ts";
import type { ReconciliationModel } from "../projections/reconciliations/model.ts";
import { KEY_SEPARATOR } from "../projections/reconciliations/entry-key.ts";
import { toStoreTime } from "./conditions.ts";

/** The statements of one side of a reconciliation over a time. */
export interface HopWindow {
  model: ReconciliationModel;
  side: Side;
  from: number;
  until: number;
  /** Only those of these sites; those of all where it is absent. */
  sites?: readonly string[] | undefined;
}

interface Sql {
  sql: string;
  values: Record<string, unknown>;
}

/** Values of a question under names of their own. */
function createValues() {
  const values: Record<string, unknown> = {};
  return {
    values,
    add: (value: unknown, type: string): string => {
      const name = `v${Object.keys(values).length}`;
      values[name] = value;
      return `{${name}: ${type}}`;
    },
  };
}
type Values = ReturnType<typeof createValues>;

/**
 * What a hop stated in a window, added up by unit and key: rows of `unit`, `key`, `entries` and `total`. Each event counts once,
 * by its last revision and, of the same revision, its smaller digest; tests and trainings do not count, what takes back counts
 * with the opposite sign in its own window. What states no measure has no unit, and a key of its own. Keys that sum to nothing
 * are left out.
 */
export function toHopKeys({ model, side, from, until, sites }: HopWindow): Sql {
  const given = createValues();
  const { rule } = model;
  const { events, reversals } = rule[side];
  const types = [...new Set([...events.map(({ type }) => type), ...reversals])];
  const measured = toMeasure(model, given);
  const parts = rule.key.slice(1).map((part) => toKeyPart(part, given));
  const separator = given.add(KEY_SEPARATOR, "String");
  const subjectType = given.add(model.subjectType, "String");
  const key = ["subject", ...parts].join(`, ${separator}, `);
  const time = (at: number) => given.add(toStoreTime(at), "DateTime64(3, 'UTC')");
  const isCounted = rule.measure.kind === "count" ? "1" : "0";
  const isOwn = sites === undefined ? "1" : `has(${given.add(sites, "Array(String)")}, site)`;
  const sql = `SELECT unit, key, count() AS entries, sum(amount) AS total FROM (
      SELECT tupleElement(said, 1) AS sign, tupleElement(said, 2) AS unit, sign * tupleElement(said, 3) AS amount,
        arrayJoin(tupleElement(said, 4)) AS key
      FROM (
        SELECT who, edition, argMin((sign, unit, amount, keys), digest) AS said FROM (
          SELECT identity AS who, revision AS edition, digest, ${toSign(events, reversals, given)} AS sign,
            arrayDistinct(arrayFilter((name, kind) -> kind = ${subjectType}, object_ids, object_types)) AS subjects,
            length(subjects) > 1 AND NOT ${isCounted} AS is_shared,
            if(is_shared, '', ${measured.unit}) AS unit, if(unit = '', toDecimal256(0, 18), ${measured.amount}) AS amount,
            if(unit = '', concat(${separator}, source, char(0), id), '') AS own,
            arrayMap(subject -> concat(${key}, own), subjects) AS keys
          FROM events
          WHERE type IN ${given.add(types, "Array(String)")} AND time >= ${time(from)} AND time < ${time(until)} AND ${isOwn}
            AND JSONExtractString(attributes, 'usage') IN ('', 'production'))
        GROUP BY who, edition) AS stated
      LEFT ANY JOIN (SELECT identity AS who, max(revision) AS last FROM events WHERE revision > 0 GROUP BY who) AS revised
        ON stated.who = revised.who
      WHERE edition >= last AND sign != 0)
    GROUP BY unit, key HAVING total != 0 OR unit = ''`;
  return { sql, values: given.values };
}

/** 1 or -1 for what counts, 0 for what does not. */
function toSign(events: ReconciliationSide["events"], reversals: readonly string[], given: Values): string {
  const cases = events.map((event) => {
    const conditions = Object.entries(event.where ?? {}).map(([field, values]) => toCondition(field, values, given));
    if (event.where?.["outcome"] === undefined) conditions.push("outcome NOT IN ('failed', 'rejected', 'retried')");
    const isMeant = [`type = ${given.add(event.type, "String")}`, ...conditions].join(" AND ");
    return `${isMeant}, ${event.sign === "minus" ? -1 : 1}`;
  });
  const back = `type IN ${given.add(reversals, "Array(String)")} AND outcome IN ('', 'ok'), -1`;
  return `multiIf(${[...cases, back].join(", ")}, 0)`;
}

function toCondition(field: string, values: readonly unknown[], given: Values): string {
  const texts = (list: readonly unknown[]) => given.add(list.map(String), "Array(String)");
  if (field === "site") return `site IN ${texts(values)}`;
  if (field === "source") return `source IN ${texts(values)}`;
  if (field === "outcome") return `if(outcome = '', 'ok', outcome) IN ${texts(values)}`;
  const name = given.add(field.slice("attributes.".length), "String");
  return `JSONExtractRaw(attributes, ${name}) IN ${given.add(
    values.map((value) => JSON.stringify(value)),
    "Array(String)",
  )}`;
}

function toMeasure({ rule: { measure } }: ReconciliationModel, given: Values): { unit: string; amount: string } {
  if (measure.kind === "count") return { unit: "'count'", amount: "toDecimal256(1, 18)" };
  const names = measure.name ? [measure.name] : measure.kind === "money" ? ["amount"] : ["quantity", "on_hand"];
  const places = names.map((name) => `indexOf(measure_names, ${given.add(name, "String")})`);
  const place = places.reduceRight((rest, one) => `if(${one} > 0, ${one}, ${rest})`, "0");
  const units = measure.kind === "money" ? "measure_currencies" : "measure_units";
  return {
    unit: `if(${place} = 0, '', ${units}[${place}])`,
    amount: `toDecimal256OrZero(if(${place} = 0, '0', measure_values[${place}]), 18)`,
  };
}

function toKeyPart(part: string, given: Values): string {
  if (part === "site") return "toString(site)";
  const name = given.add(part.slice(part.indexOf(".") + 1), "String");
  if (part.startsWith("object.")) return `object_ids[indexOf(object_types, ${name})]`;
  return `if(JSONType(attributes, ${name}) = 'String', JSONExtractString(attributes, ${name}),
    if(JSONType(attributes, ${name}) IN ('Int64', 'UInt64', 'Double', 'Bool'), JSONExtractRaw(attributes, ${name}), ''))`;
}
