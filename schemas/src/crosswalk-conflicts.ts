import type { CrosswalkEntry } from "./crosswalk-entry.ts";

/** A translation of a named table. */
export interface CrosswalkClaim extends CrosswalkEntry {
  crosswalk: string;
}

/** Why a translation cannot stand beside others. */
export interface CrosswalkConflict {
  /** Its place in what was asked. */
  index: number;
  field: "effectiveTo" | "from" | "to";
  message: string;
}

interface Placed {
  claim: CrosswalkClaim;
  /** Undefined for one that holds already. */
  index: number | undefined;
}

const LAST_DAY = "9999-12-31";

/**
 * What keeps translations from standing beside those that hold: days that end before they begin, another translation of the same
 * value on one of its days, and, of reversible ones, another value with the same translation. O(n log n).
 */
export function findCrosswalkConflicts(
  claims: readonly CrosswalkClaim[],
  held: readonly CrosswalkClaim[],
): CrosswalkConflict[] {
  const placed: Placed[] = [
    ...held.map((claim) => ({ claim, index: undefined })),
    ...claims.map((claim, index) => ({ claim, index })),
  ];
  const ordered = placed.filter(({ claim }) => endOf(claim) >= startOf(claim));
  return [
    ...claims.flatMap((claim, index) =>
      endOf(claim) < startOf(claim)
        ? [{ index, field: "effectiveTo" as const, message: `"${claim.from}" ends before it begins` }]
        : [],
    ),
    ...findOverlaps(ordered, {
      keyOf: ({ from, fromSystem, toSystem = "", ...rest }) => [fromSystem, from, toSystem, ...placeOf(rest)],
      field: "from",
      say: ({ from }, day) => `"${from}" has another translation on ${day}`,
    }),
    ...findOverlaps(
      ordered.filter(({ claim }) => claim.reversible === true),
      {
        keyOf: ({ to, toSystem, fromSystem, ...rest }) => [toSystem, to, fromSystem, ...placeOf(rest)],
        field: "to",
        say: ({ to }, day) => `"${to}" would lead back to two values on ${day}`,
      },
    ),
  ].toSorted((a, b) => a.index - b.index);
}

function placeOf({ crosswalk, interface: name, site }: Pick<CrosswalkClaim, "crosswalk" | "interface" | "site">) {
  return [crosswalk, name, site];
}

/** Of those with one key no two hold on the same day; the one that was asked, else the later one, is named. */
function findOverlaps(
  placed: readonly Placed[],
  rule: {
    keyOf: (claim: CrosswalkClaim) => readonly (string | undefined)[];
    field: "from" | "to";
    say: (claim: CrosswalkClaim, day: string) => string;
  },
): CrosswalkConflict[] {
  const groups = Map.groupBy(placed, ({ claim }) => JSON.stringify(rule.keyOf(claim).map((part) => part ?? "")));
  return [...groups.values()].flatMap((group) => {
    const found: CrosswalkConflict[] = [];
    const sorted = group.toSorted((a, b) => compare(startOf(a.claim), startOf(b.claim)));
    let latest: Placed | undefined;
    for (const each of sorted) {
      const day = startOf(each.claim);
      if (latest !== undefined && endOf(latest.claim) >= day) {
        const named = each.index === undefined ? latest : each;
        const { index } = named;
        if (index !== undefined) found.push({ index, field: rule.field, message: rule.say(named.claim, sayDay(day)) });
      }
      if (latest === undefined || endOf(each.claim) > endOf(latest.claim)) latest = each;
    }
    return found;
  });
}

/** Of two that always hold the day says nothing. */
function sayDay(day: string): string {
  return day === "" ? "every day" : day;
}

function startOf({ effectiveFrom = "" }: CrosswalkClaim): string {
  return effectiveFrom;
}

function endOf({ effectiveTo = LAST_DAY }: CrosswalkClaim): string {
  return effectiveTo;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
