import { z } from "zod";

/** Ranges of missing numbers that are followed at most; the oldest is given up as lost when there are more. */
export const MAX_GAPS = 200;

const HOLDS_NOTHING = Number.MAX_SAFE_INTEGER;

const gapSchema = z.object({
  epoch: z.number(),
  first: z.number(),
  last: z.number(),
  /** Up to when the source was complete before the first missing number, by event time. */
  heldAt: z.number(),
  /** Arrival of the number that showed the gap. */
  noticedAt: z.number(),
});
export type Gap = z.infer<typeof gapSchema>;

/** The sequence numbers of a source as far as they were seen. Each time that its numbering restarts is an epoch. */
export const numberingSchema = z.object({
  epoch: z.number(),
  startedAt: z.number(),
  first: z.number(),
  /** One more than the highest number seen in the epoch. */
  next: z.number(),
  /** The greatest event time seen. */
  topAt: z.number(),
  gaps: z.array(gapSchema),
});
export type Numbering = z.infer<typeof numberingSchema>;

export interface Numbered {
  number: number;
  time: number;
  arrivedAt: number;
}

/** What happened to a range of missing numbers: it was noticed, filled (whole or for a part), or is no longer followed. */
export interface GapChange {
  gap: Gap;
  state: "open" | "filled" | "lost";
}

/**
 * Takes a number in. Within an epoch the missing numbers are those between the least and the greatest seen, in whatever
 * order they came. A number that was seen before, or lies below all, on a later event restarts the numbering.
 */
export function addNumber(
  numbering: Numbering | undefined,
  seen: Numbered,
): { numbering: Numbering; changes: GapChange[] } {
  if (numbering === undefined) return { numbering: startEpoch(seen, undefined), changes: [] };
  if (seen.time < numbering.startedAt) return fillEarlier(numbering, seen);
  const { epoch, first, next, topAt } = numbering;
  if (seen.number < next && seen.time > topAt && !isMissing(numbering, seen.number))
    return { numbering: startEpoch(seen, numbering), changes: [] };
  const range = findNewGap(numbering, seen);
  const grown = {
    ...numbering,
    first: Math.min(first, seen.number),
    next: Math.max(next, seen.number + 1),
    topAt: Math.max(topAt, seen.time),
  };
  if (range !== undefined) return open(grown, { ...range, epoch, noticedAt: seen.arrivedAt });
  return fill(grown, { epoch, number: seen.number, time: seen.time });
}

/** Up to when the source is complete: the event time before the first gap that is still waited for, else `otherwise`. */
export function toSequenceWatermark(numbering: Numbering, waitedSince: number, otherwise: number): number {
  return numbering.gaps.reduce(
    (least, { noticedAt, heldAt }) => (noticedAt > waitedSince ? Math.min(least, heldAt) : least),
    otherwise,
  );
}

/** The gaps of the epochs before go on to be waited for. */
function startEpoch({ number, time }: Numbered, before: Numbering | undefined): Numbering {
  return {
    epoch: before === undefined ? 0 : before.epoch + 1,
    startedAt: before === undefined ? Number.MIN_SAFE_INTEGER : time,
    first: number,
    next: number + 1,
    topAt: Math.max(before?.topAt ?? time, time),
    gaps: before?.gaps ?? [],
  };
}

/** An event older than the epoch can only fill a gap of an earlier one. */
function fillEarlier(numbering: Numbering, seen: Numbered) {
  const gap = numbering.gaps.findLast(
    ({ epoch, first, last }) => epoch < numbering.epoch && first <= seen.number && seen.number <= last,
  );
  if (gap === undefined) return { numbering, changes: [] };
  return fill(numbering, { epoch: gap.epoch, number: seen.number, time: seen.time });
}

function isMissing({ gaps, epoch }: Numbering, number: number): boolean {
  return gaps.some((gap) => gap.epoch === epoch && gap.first <= number && number <= gap.last);
}

/** What lies below the least number does not hold the watermark back, which has passed it already. */
function findNewGap({ first, next, topAt }: Numbering, { number }: Numbered) {
  if (number > next) return { first: next, last: number - 1, heldAt: topAt };
  if (number < first - 1) return { first: number + 1, last: first - 1, heldAt: HOLDS_NOTHING };
  return undefined;
}

function open(numbering: Numbering, gap: Gap): { numbering: Numbering; changes: GapChange[] } {
  const { kept, lost } = giveUpOldest([...numbering.gaps, gap]);
  return { numbering: { ...numbering, gaps: kept }, changes: [{ gap, state: "open" }, ...lost] };
}

function giveUpOldest(gaps: readonly Gap[]): { kept: Gap[]; lost: GapChange[] } {
  const oldest = gaps.length > MAX_GAPS ? gaps.toSorted((a, b) => a.noticedAt - b.noticedAt).slice(0, 1) : [];
  return {
    kept: gaps.filter((gap) => !oldest.includes(gap)),
    lost: oldest.map((gap) => ({ gap, state: "lost" })),
  };
}

function fill(
  numbering: Numbering,
  seen: { epoch: number; number: number; time: number },
): { numbering: Numbering; changes: GapChange[] } {
  const gap = numbering.gaps.find(
    ({ epoch, first, last }) => epoch === seen.epoch && first <= seen.number && seen.number <= last,
  );
  if (gap === undefined) return { numbering, changes: [] };
  const rest = [
    { ...gap, last: seen.number - 1 },
    { ...gap, first: seen.number + 1, heldAt: Math.max(gap.heldAt, seen.time) },
  ].filter(({ first, last }) => first <= last);
  const { kept, lost } = giveUpOldest([...numbering.gaps.filter((each) => each !== gap), ...rest]);
  return {
    numbering: { ...numbering, gaps: kept },
    changes: [{ gap, state: "filled" }, ...rest.map((each): GapChange => ({ gap: each, state: "open" })), ...lost],
  };
}
