import { instant } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";

const href = z.string().meta({ description: "Path of the list that this is made of." });

/** A count with the list that it is made of: following the pages of `href` gives as many rows. */
export const figure = z
  .object({ value: z.int(), href })
  .meta({ id: "Figure", description: "A count and the list of what it counts." });

/**
 * MET ÷ (MET + BREACHED + OVERDUE_PROVISIONAL) of the legs dated in hours in which their feed was heard; `share` is null
 * where `n` is 0. `unseen` is how many were left out.
 */
export const compliance = z
  .object({ share: z.number().min(0).max(1).nullable(), met: z.int(), n: z.int(), unseen: z.int(), href })
  .meta({ id: "Compliance", description: "MET ÷ (MET + BREACHED + OVERDUE_PROVISIONAL)." });

/** Half-open, from the start of an hour to the start of an hour: `from` belongs to it, `to` does not. */
export const timeRange = z
  .object({ from: instant, to: instant })
  .meta({ id: "TimeRange", description: "From `from` up to, not including, `to`." });

/** An instant in a query string; days that no calendar has are refused. */
export const queryInstant = instant.refine(isOnCalendar, "names a day that does not exist");

export const rangeQuery = {
  from: queryInstant.optional().meta({ description: "Start, included." }),
  to: queryInstant.optional().meta({ description: "End, not included." }),
};

export type Figure = z.infer<typeof figure>;
export type Compliance = z.infer<typeof compliance>;
export type TimeRange = z.infer<typeof timeRange>;

function isOnCalendar(text: string): boolean {
  const [year, month, day] = text.split(/[-Tt]/).map(Number);
  const lastDay = new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate();
  return !instant.safeParse(text).success || (day ?? 0) <= lastDay;
}
