/** What a new interchange number says about the ones before it. */
export type ControlVerdict = { kind: "expected" } | { kind: "duplicate" } | { kind: "gap"; missing: number };

/** Remembers the interchange numbers of each pair of partners, bounded; one per stream, or one for all streams of an interface. */
export interface ControlTracker {
  check: (partners: string, number: string) => ControlVerdict;
}

const MAX_PARTNERS = 10_000;
const MAX_RECENT = 1000;
const ROLL_OVER = 999_999_999;

export function createControlTracker(): ControlTracker {
  const known = new Map<string, { last: number; recent: Set<string> }>();
  return {
    check: (partners, number) => {
      const value = /^\d{1,9}$/.test(number) ? Number(number) : undefined;
      const before = known.get(partners);
      const entry = before ?? { last: value ?? 0, recent: new Set<string>() };
      known.delete(partners);
      known.set(partners, entry);
      if (known.size > MAX_PARTNERS) known.delete(known.keys().next().value ?? "");
      if (entry.recent.has(number)) return { kind: "duplicate" };
      entry.recent.add(number);
      if (entry.recent.size > MAX_RECENT) entry.recent.delete(entry.recent.values().next().value ?? "");
      if (value === undefined || before === undefined) return { kind: "expected" };
      const expected = entry.last === ROLL_OVER ? 1 : entry.last + 1;
      entry.last = value;
      return value > expected ? { kind: "gap", missing: value - expected } : { kind: "expected" };
    },
  };
}
