import { instant } from "@throughline/schemas/text";
import { z } from "zod";
import type { LegFilter } from "./leg-filter.ts";
import type { LegKeyRow } from "./leg-row.ts";

export const HOUR_MS = 3_600_000;

/** Greater than any name. */
const BEHIND_ALL_TEXT = "\u{10ffff}";

/** A place in a list of legs: the last one that was looked at. */
export const legPlace = z.object({
  datedAt: instant,
  key: z.tuple([z.string(), z.string(), z.string(), z.string(), z.int().min(0).max(65_535)]),
});
export type LegPlace = z.infer<typeof legPlace>;

export function toPlace(row: LegKeyRow & { dated_at: string }): LegPlace {
  return { datedAt: row.dated_at, key: [row.flow, row.leg, row.instance_type, row.instance_id, row.occurrence] };
}

/** The place behind all legs of these hours. */
export function toPlaceBehind(hours: readonly string[], order: LegFilter["order"]): LegPlace {
  const times = hours.map((hour) => Date.parse(hour));
  const edge = order === "newest" ? Math.min(...times) : Math.max(...times) + HOUR_MS - 1;
  return { datedAt: new Date(edge).toISOString(), key: [BEHIND_ALL_TEXT, "", "", "", 0] };
}
