import type { Measure } from "@throughline/schemas/event";
import { formatDecimal } from "./number.ts";

/** A measure with what it is measured in: `240.00 USD`, `10 CS`. */
export function formatMeasure(measure: Measure): string {
  return `${formatDecimal(measure.value)} ${unitOf(measure)}`;
}

/** Measures as they stand, one for each unit or currency: sums over currencies or units do not exist. */
export function formatMeasures(measures: readonly Measure[]): string {
  return measures.map(formatMeasure).join(" · ");
}

function unitOf(measure: Measure): string {
  return "currency" in measure ? measure.currency : measure.unit;
}
