import type { EventData } from "@throughline/schemas/event";
import type { CompiledMeasure } from "./compile-document-mapping.ts";
import { toDecimal } from "./to-decimal.ts";
import { type MappedRecord, translate } from "./to-objects.ts";

/** The measures of a record; undefined when there are none. One that is no decimal, or has no unit or currency, is left out and noted. */
export function toMeasures(record: MappedRecord, rules: readonly CompiledMeasure[]): EventData["measures"] {
  let measures: EventData["measures"];
  for (const rule of rules) {
    const written = rule.value(record.document, record.scope);
    if (written === undefined) continue;
    const value = toDecimal(written);
    const unit = rule.unit(record.document, record.scope);
    if (value === undefined) record.notes.addProblem(`bad_${rule.name}`, `the ${rule.name} is no decimal`);
    else if (unit === undefined)
      record.notes.addProblem(`missing_${rule.kind}`, `the ${rule.name} has no ${rule.kind}`);
    else if (rule.kind === "unit") {
      measures ??= {};
      measures[rule.name] = {
        value,
        unit: rule.crosswalk === undefined ? unit : translate(record, rule.crosswalk, unit),
      };
    } else if (/^[A-Z]{3}$/.test(unit)) {
      measures ??= {};
      measures[rule.name] = { value, currency: unit };
    } else record.notes.addProblem("bad_currency", `the currency of the ${rule.name} is no ISO 4217 code`);
  }
  return measures;
}
