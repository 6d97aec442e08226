import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cohort, listGroups } from "./cohort.ts";
import { MIN_LIKE, fitForecasts } from "./fit-forecasts.ts";
import { readChance } from "./read-chance.ts";
import { CELLS, SHARE_GRID, findCell } from "./share-grid.ts";
import { createStartHours } from "./start-hours.ts";

const KIND = { flow: "order", leg: "receipt", domain: "procurement", calendar: "", criticality: "high" };
const LIKENESS = { site: "north", supplier: "acme", hours: "Mon am" };
const none = () => Array.from({ length: CELLS }, () => 0);

/** Legs past their deadline that ended at these shares, of which more than 1 are late. */
function toCohort(shares: readonly number[], likeness: Partial<Cohort> = {}): Cohort {
  const ended = none();
  for (const share of shares) if (share <= 1) ended[findCell(share)] = (ended[findCell(share)] ?? 0) + 1;
  const late = shares.filter((share) => share > 1).length;
  return { ...KIND, ...LIKENESS, ended, matured: ended, running: none(), late, ...likeness };
}

function repeat(count: number, share: number): number[] {
  return Array.from({ length: count }, () => share);
}

const shares = fc.array(fc.double({ min: 0, max: 1.5, noNaN: true }), { minLength: MIN_LIKE, maxLength: 300 });

describe("the grid of shares", () => {
  it("gives each share the cell that it lies in", () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 2, noNaN: true }), (share) => {
        const cell = findCell(share);
        const [from = 0, to = 1] = SHARE_GRID.slice(cell, cell + 2);
        expect(share < from ? cell : -1).toBe(share < 0 ? 0 : -1);
        expect(share >= to ? cell : -1).toBe(share >= 1 ? CELLS - 1 : -1);
      }),
    );
  });

  it("runs from nothing to the whole budget, always upwards", () => {
    expect([SHARE_GRID[0], SHARE_GRID.at(-1)]).toEqual([0, 1]);
    expect(SHARE_GRID).toEqual(SHARE_GRID.toSorted((a, b) => a - b));
    expect(new Set(SHARE_GRID).size).toBe(SHARE_GRID.length);
  });
});

describe("the hours of a start", () => {
  it("are told by the clock of the zone, on both sides of daylight saving", () => {
    const toHours = createStartHours("America/Chicago");
    expect(toHours(Date.parse("2026-03-09T16:59:00Z"))).toBe("Mon am");
    expect(toHours(Date.parse("2026-03-09T17:00:00Z"))).toBe("Mon pm");
    expect(toHours(Date.parse("2026-01-10T05:59:00Z"))).toBe("Fri pm");
    expect(toHours(Date.parse("2026-01-10T06:00:00Z"))).toBe("Sat am");
  });
});

describe("a frozen curve", () => {
  it("is a chance everywhere, and never falls while a leg goes on", () => {
    fc.assert(
      fc.property(fc.array(shares, { minLength: 1, maxLength: 4 }), (suppliers) => {
        const cohorts = suppliers.map((own, index) => toCohort(own, { supplier: `s${index}` }));
        for (const { late, like } of fitForecasts(cohorts)) {
          expect(late).toHaveLength(CELLS + 1);
          expect(late.every((chance, point) => chance > 0 && chance <= 1 && chance >= (late[point - 1] ?? 0))).toBe(
            true,
          );
          expect(like.every((legs, point) => legs <= (like[point - 1] ?? Infinity))).toBe(true);
        }
      }),
    );
  });

  it("knows no order of legs or cohorts", () => {
    fc.assert(
      fc.property(shares, shares, (a, b) => {
        const backwards = fitForecasts([
          toCohort(b.toReversed(), { site: "b" }),
          toCohort(a.toReversed(), { site: "a" }),
        ]);
        const byGroup = (curves: typeof backwards) =>
          new Map(curves.map(({ site, level, like, late }) => [`${level} ${site}`, { like, late }]));
        const forwards = fitForecasts([toCohort(a, { site: "a" }), toCohort(b, { site: "b" })]);
        expect(byGroup(backwards)).toEqual(byGroup(forwards));
      }),
    );
  });

  it("comes near the share of late legs among those that had run as long", () => {
    const cohort = toCohort([...repeat(800, 0.1), ...repeat(100, 0.75), ...repeat(100, 1.2)]);
    const curve = fitForecasts([cohort]).find(({ level }) => level === "hours");
    const at = (share: number) => 1 - (readChance(curve ? [curve] : [], share)?.chance ?? 0);
    expect(at(0)).toBeCloseTo(0.1, 1);
    expect(at(0.5)).toBeCloseTo(0.5, 1);
    expect(at(0.9)).toBeGreaterThan(0.85);
  });

  it("counts legs that are still running as long as they were seen, neither as late nor as ended", () => {
    const running = none();
    running[findCell(0.5)] = 400;
    const seen = toCohort([...repeat(400, 0.3), ...repeat(200, 0.8), ...repeat(200, 1.1)]);
    const whole = fitForecasts([{ ...seen, running }]).find(({ level }) => level === "leg");
    const without = fitForecasts([seen]).find(({ level }) => level === "leg");
    // Of those that got past the half, half are late, with or without those that are still under way.
    const late = (curve: typeof whole, share: number) => 1 - (readChance(curve ? [curve] : [], share)?.chance ?? 0);
    expect(late(whole, 0.6)).toBeCloseTo(late(without, 0.6), 2);
    // Before that, those under way say that fewer ended early.
    expect(late(whole, 0)).toBeGreaterThan(late(without, 0) + 0.05);
  });

  it("says nothing of a stretch that too few legs have run through to their deadline", () => {
    const quick = toCohort([...repeat(500, 0.1), ...repeat(MIN_LIKE - 1, 1.3)]);
    const curves = fitForecasts([quick]);
    expect(readChance(curves, 0.05)?.n).toBe(500 + MIN_LIKE - 1);
    expect(readChance(curves, 0.5)).toBeUndefined();
    const young = { ...toCohort(repeat(500, 0.1)), matured: none() };
    expect(fitForecasts([young])).toEqual([]);
  });

  it("leans on its larger group while it is small, and on itself when it is large", () => {
    const usual = toCohort([...repeat(900, 0.2), ...repeat(100, 1.2)], { supplier: "usual" });
    const chanceOf = (count: number) => {
      const slow = toCohort([...repeat(count, 0.2), ...repeat(count, 1.2)], { supplier: "slow" });
      const curves = fitForecasts([usual, slow]);
      const own = curves.find(({ level, supplier }) => level === "supplier" && supplier === "slow");
      return own ? 1 - (readChance([own], 0)?.chance ?? 0) : 0;
    };
    expect(chanceOf(10)).toBeLessThan(0.45);
    expect(chanceOf(10)).toBeGreaterThan(0.2);
    expect(chanceOf(400)).toBeCloseTo(0.5, 1);
  });

  it("is read from the most alike that has legs enough", () => {
    const cohorts = [
      toCohort(repeat(MIN_LIKE, 0.9)),
      toCohort(repeat(5, 0.9), { supplier: "rare" }),
      toCohort(repeat(MIN_LIKE, 0.9), { site: "south", hours: "Sun pm" }),
    ];
    const curves = fitForecasts(cohorts);
    const read = (likeness: typeof LIKENESS) =>
      readChance(
        listGroups(likeness).flatMap(({ site, supplier, hours }) =>
          curves.filter((curve) => curve.site === site && curve.supplier === supplier && curve.hours === hours),
        ),
        0.1,
      )?.level;
    expect(read(LIKENESS)).toBe("hours");
    expect(read({ ...LIKENESS, hours: "Tue am" })).toBe("site-supplier");
    expect(read({ ...LIKENESS, site: "west" })).toBe("supplier");
    expect(read({ ...LIKENESS, supplier: "rare" })).toBe("site");
    expect(read({ site: "west", supplier: "rare", hours: "Sun am" })).toBe("leg");
  });
});
