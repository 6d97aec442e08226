import type { LegVerdict, Verdict } from "@throughline/schemas/leg";
import { CRITICALITIES } from "@throughline/schemas/pack/flow";
import { z } from "zod";
import { SHORTAGE_STATES, type ShortagesQuery, type ShortageState } from "../contract/seat.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { parseCursor, toCursor } from "../queries/cursor.ts";
import { findCeiling } from "../queries/find-ceiling.ts";
import type { LegFilter } from "../queries/leg-filter.ts";
import type { LegClock } from "../queries/leg-row.ts";
import { listLegs } from "../queries/list-legs.ts";

export const FLOW = "medication-replenishment";
export const LEG = "available";

/** How a shortage stands, by the verdict of its leg. */
export const VERDICTS: Readonly<Record<ShortageState, readonly Verdict[]>> = {
  waiting: ["OPEN", "PAUSED"],
  at_risk: ["AT_RISK"],
  overdue: ["OVERDUE_PROVISIONAL"],
  late: ["BREACHED"],
  unknown: ["UNKNOWN"],
};

/** What somebody has to do something about comes before what can wait. */
const WORST_FIRST = ["late", "overdue", "at_risk", "unknown", "waiting"] as const satisfies readonly ShortageState[];

export type ShortageFilter = Omit<ShortagesQuery, "format" | "limit" | "cursor">;

/** Where a list goes on: in which of its parts, and where in that. */
const partPlace = z.object({
  ceiling: z.string().regex(/^\d{1,20}$/),
  state: z.enum(SHORTAGE_STATES),
  criticality: z.enum(CRITICALITIES),
  inner: z.string().max(4000).nullable(),
});
type PartPlace = z.infer<typeof partPlace>;

interface WorstFirstQuestion extends ShortageFilter {
  limit: number;
  cursor: string | undefined;
  clock: LegClock;
}

/**
 * One page of the legs of shortages: by how they stand, the worst first, then by criticality, then what is dated longest ago. All
 * pages show the legs as they stood when the first was read.
 */
export async function listWorstFirst(
  reader: StoreReader,
  asker: Asker,
  { limit, cursor, clock, ...asked }: WorstFirstQuestion,
): Promise<{ items: LegVerdict[]; nextCursor: string | null }> {
  const parts = listParts(asked);
  const start = cursor === undefined ? undefined : parseCursor(cursor, partPlace, asked);
  const ceiling = start?.ceiling ?? (await findCeiling(reader, asker, "legs"));
  const first = parts.findIndex((part) => part.state === start?.state && part.criticality === start.criticality);
  const items: LegVerdict[] = [];
  let inner = start?.inner ?? null;
  for (const part of parts.slice(Math.max(0, first))) {
    const goOn = (at: string | null) => toCursor({ ceiling, ...part, inner: at } satisfies PartPlace, asked);
    if (items.length === limit) return { items, nextCursor: goOn(null) };
    const filter = toFilter(asked, part);
    const place = inner ?? toCursor({ ceiling, after: null }, filter);
    const page = await listLegs(reader, asker, { filter, limit: limit - items.length, cursor: place, clock });
    items.push(...page.items);
    if (page.nextCursor !== null) return { items, nextCursor: goOn(page.nextCursor) };
    inner = null;
  }
  return { items, nextCursor: null };
}

type Part = Pick<PartPlace, "state" | "criticality">;

function listParts({ state = [], criticality = [] }: ShortageFilter): Part[] {
  const isAsked = <Value>(given: readonly Value[], value: Value) => given.length === 0 || given.includes(value);
  return WORST_FIRST.filter((each) => isAsked(state, each)).flatMap((each) =>
    CRITICALITIES.filter((level) => isAsked(criticality, level)).map((level) => ({ state: each, criticality: level })),
  );
}

function toFilter({ site, q }: ShortageFilter, { state, criticality }: Part): LegFilter {
  return {
    flow: [FLOW],
    leg: [LEG],
    verdict: [...VERDICTS[state]],
    criticality: [criticality],
    site,
    q,
    ended: "no",
    order: "oldest",
    zone: "UTC",
  };
}
