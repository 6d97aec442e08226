import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { type FieldClass, type RedactionCounts, noRedaction } from "@throughline/schemas/way-back/redaction-counts";
import { toFieldClass } from "./field-class.ts";
import type { RedactionReport } from "./redaction-report.ts";

const MAX_PLACES = 2000;

/** Adds up what redaction did to the documents of an interface: classes of fields and figures, never a name of a field or what stood there. */
export function createRedactionTotals(format: DocumentFormat) {
  const totals = noRedaction();
  const classes = new Map<string, FieldClass>();
  const classOf = (place: string): FieldClass => {
    const known = classes.get(place);
    if (known !== undefined) return known;
    const found = toFieldClass(format, place);
    if (classes.size < MAX_PLACES) classes.set(place, found);
    return found;
  };
  return {
    add: ({ dropped, shapes, tokens, dates }: RedactionReport) => {
      for (const place in dropped) totals[classOf(place)] += dropped[place] ?? 0;
      totals.by_shape += shapes;
      totals.tokens += tokens;
      totals.dates += dates;
    },
    read: (): RedactionCounts => ({ ...totals }),
  };
}
