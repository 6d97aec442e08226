import type { Event, Measure } from "@throughline/schemas/event";
import { type Rational, ZERO, add, formatDecimal, parseRational } from "@throughline/schemas/exact/rational";

/** What one source told in a window. */
export interface WindowTotals {
  events: number;
  /** `<measure> <count> <sum> <unit or currency>`, as in `amount 3 120.50 USD`: sums are exact, and no two units are added up. */
  sums: string[];
  /** Measures that were not added up, since there were too many kinds of them. */
  leftOut: number;
}

interface Total {
  measure: string;
  unit: string;
  count: number;
  sum: Rational;
}

interface Counting {
  events: number;
  totals: Map<string, Total>;
  leftOut: number;
}

const MAX_TOTALS = 64;

/** Counts events by source, and adds up their measures, each unit and currency apart. Bounded for each source. */
export function createControlTotals() {
  let bySource = new Map<string, Counting>();
  return {
    add: ({ source, data }: Event) => {
      const counting = bySource.get(source) ?? { events: 0, totals: new Map<string, Total>(), leftOut: 0 };
      bySource.set(source, counting);
      counting.events++;
      if (typeof data !== "object" || data === null) return;
      for (const [name, measure] of Object.entries(data.measures ?? {})) addMeasure(counting, name, measure);
    },
    /** All since it was asked last, by source. */
    take: (): ReadonlyMap<string, WindowTotals> => {
      const taken = new Map([...bySource].map(([source, counting]) => [source, toWindow(counting)]));
      bySource = new Map();
      return taken;
    },
  };
}

function addMeasure(counting: Counting, name: string, measure: Measure): void {
  const unit = "currency" in measure ? measure.currency : measure.unit;
  const key = `${name} ${unit}`;
  const value = parseRational(measure.value);
  const { totals } = counting;
  if (value === undefined || (!totals.has(key) && totals.size >= MAX_TOTALS)) {
    counting.leftOut++;
    return;
  }
  const total = totals.get(key) ?? { measure: name, unit, count: 0, sum: ZERO };
  totals.set(key, { ...total, count: total.count + 1, sum: add(total.sum, value) });
}

function toWindow({ events, totals, leftOut }: Counting): WindowTotals {
  const sums = [...totals]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { measure, unit, count, sum }]) => `${measure} ${count} ${formatDecimal(sum)} ${unit}`);
  return { events, sums, leftOut };
}
