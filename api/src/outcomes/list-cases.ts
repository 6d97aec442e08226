import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import type { OutcomeCase, OutcomeCasePage, OutcomeCasesQuery } from "../contract/outcome.ts";
import { toJourneyHref } from "../http/href.ts";
import { parseCursor, toCursor } from "../queries/cursor.ts";
import { toInstant } from "../queries/time-range.ts";
import { type Case, isMeasurable, within } from "./cases.ts";
import { listFigures } from "./figures.ts";
import { toDecimal } from "./measure.ts";
import type { OutcomeReading } from "./read-outcomes.ts";

const place = z.object({ at: z.string(), key: z.string() });

/**
 * The cases of a figure, read once: pages of them, the latest first. Throws `not_found` for an id that there is none of, and
 * for a figure that cannot be measured.
 */
export async function openCases(
  id: string,
  { period, context }: OutcomeReading,
  { part }: Pick<OutcomeCasesQuery, "part">,
): Promise<(paging: { limit: number; cursor: string | undefined }) => OutcomeCasePage> {
  const figure = (await listFigures(context)).find((one) => one.id === id);
  if (figure === undefined) throw new AppError("not_found", `There is no figure ${id}.`);
  const cases = await figure.read(context);
  if (!isMeasurable(cases)) throw new AppError("not_found", `This cannot be measured: ${cases.because}.`);
  const counted = within(cases.counted, period).map(({ part: value, whole, ...one }): Keyed => {
    const isIn = figure.unit === "share" && value > 0;
    return toCase(isIn ? "numerator" : "counted", one, {
      value: toDecimal(value, figure.scale ?? 0),
      whole: toDecimal(whole, figure.scale ?? 0),
    });
  });
  const excluded = within(cases.excluded, period).map(({ reason, ...one }) => toCase("excluded", one, { reason }));
  const open = cases.open.map((one) => toCase("open", one, {}));
  const parts = part === undefined || part.length === 0 ? undefined : new Set(part);
  const all = [...counted, ...excluded, ...open]
    .filter(({ item }) => parts?.has(item.part) ?? true)
    .toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
  const filters = { id, part, from: period.from, to: period.to, site: context.sites, asOf: context.asOf };
  return ({ limit, cursor }) => {
    const after = cursor === undefined ? undefined : parseCursor(cursor, place, filters);
    const rest = after === undefined ? all : all.filter((one) => isBefore({ item: after, key: after.key }, one));
    const shown = rest.slice(0, limit);
    const last = rest.length > limit ? shown.at(-1) : undefined;
    return {
      items: shown.map(({ item }) => item),
      nextCursor: last ? toCursor({ at: last.item.at, key: last.key }, filters) : null,
    };
  };
}

interface Keyed {
  key: string;
  item: OutcomeCase;
}

/** The latest comes first; of the same moment the lesser key. */
function isBefore(a: { item: { at: string }; key: string }, b: { item: { at: string }; key: string }): boolean {
  return a.item.at === b.item.at ? a.key < b.key : a.item.at > b.item.at;
}

function toCase(
  part: OutcomeCase["part"],
  { at, key, object, site, supplier, note, href }: Case,
  more: Partial<Pick<OutcomeCase, "value" | "whole" | "reason">>,
): Keyed {
  const item = {
    part,
    at: toInstant(at),
    object,
    value: null,
    whole: null,
    reason: null,
    note,
    site,
    supplier,
    href: href ?? toJourneyHref(object),
    ...more,
  };
  return { key: `${part} ${key}`, item };
}
