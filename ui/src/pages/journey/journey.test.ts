import type { JourneyLeg, JourneyObject } from "@throughline/api/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findActionableLeg, findFirstLeg } from "./journey-text.ts";
import { type TreeNode, toObjectTree } from "./object-tree.ts";
import { toTimeline } from "./timeline-model.ts";
import { assignLanes, createScale, placeLabel } from "./timeline-scale.ts";

const HOUR = 3_600_000;
const START = Date.parse("2026-03-02T10:00:00Z");

function leg(changes: Partial<JourneyLeg>): JourneyLeg {
  return {
    flow: "procure-to-pay",
    leg: "acknowledgement",
    instance: { type: "purchase_order_line", id: "4500012345/10" },
    occurrence: 0,
    verdict: "OPEN",
    startedAt: "2026-03-02T10:00:00Z",
    endedAt: null,
    dueAt: "2026-03-02T14:00:00Z",
    atRiskAt: "2026-03-02T13:12:00Z",
    elapsedMs: null,
    budgetMs: 4 * HOUR,
    calendar: "",
    site: "north",
    domain: "procurement",
    criticality: "high",
    supplier: "",
    forecast: null,
    moves: [],
    flags: [],
    reason: "",
    ruleVersion: "a",
    evaluatedAt: "2026-03-02T10:00:00Z",
    href: "/api/v1/journeys/purchase_order_line/4500012345%2F10",
    history: [],
    ...changes,
  };
}

function object(id: string): JourneyObject {
  return { type: "order", id, title: "Order", relation: "beside", events: 1, firstAt: null, lastAt: null, href: "" };
}

describe("timeline", () => {
  it("shows what is late apart, up to now while it has not ended", () => {
    const [bar] = toTimeline(
      { events: [], calendars: [], legs: [leg({ verdict: "BREACHED" })] },
      START + 6 * HOUR,
    ).bars;
    expect(bar).toMatchObject({
      startMs: START,
      endMs: START + 6 * HOUR,
      lateFromMs: START + 4 * HOUR,
      isRunning: true,
    });
  });

  it("shows when the calendar was closed, inside of what is shown", () => {
    const night = { from: "2026-03-01T17:00:00Z", to: "2026-03-02T10:30:00Z" };
    const later = { from: "2026-03-02T17:00:00Z", to: "2026-03-03T08:00:00Z" };
    const calendars = [{ id: "office", title: "Office", closed: [night, later] }];
    const { closed } = toTimeline({ events: [], calendars, legs: [leg({ calendar: "office" })] }, START + 2 * HOUR);
    expect([...closed]).toEqual([["office", [{ fromMs: START, toMs: START + HOUR / 2 }]]]);
  });

  it("shows an ended leg as long as it took, without a late part when it was in time", () => {
    const [bar] = toTimeline(
      { events: [], calendars: [], legs: [leg({ verdict: "MET", endedAt: "2026-03-02T14:00:00Z" })] },
      START + 99 * HOUR,
    ).bars;
    expect(bar).toMatchObject({ endMs: START + 4 * HOUR, lateFromMs: undefined, isRunning: false });
  });

  it("leaves out what never began nor ended", () => {
    expect(
      toTimeline({ events: [], calendars: [], legs: [leg({ verdict: "EXCLUDED", startedAt: null })] }, START).bars,
    ).toEqual([]);
  });

  it("keeps the order of time on both scales, inside of its bounds", () => {
    const instants = fc.uniqueArray(fc.integer({ min: 0, max: 1e12 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(instants, fc.constantFrom("time" as const, "steps" as const), (times, mode) => {
        const scale = createScale(times, mode);
        const positions = times.toSorted((a, b) => a - b).map(scale);
        expect(positions).toEqual(positions.toSorted((a, b) => a - b));
        expect(positions[0]).toBeGreaterThanOrEqual(0);
        expect(positions.at(-1)).toBeLessThanOrEqual(100);
      }),
    );
  });

  it("is not stretched by a deadline that lies far ahead", () => {
    const far = leg({ verdict: "OPEN", dueAt: "2026-04-02T10:00:00Z" });
    expect(Math.max(...toTimeline({ events: [], calendars: [], legs: [far] }, START + HOUR).instants)).toBe(
      START + HOUR,
    );
    expect(Math.max(...toTimeline({ events: [], calendars: [], legs: [leg({})] }, START + 3 * HOUR).instants)).toBe(
      START + 4 * HOUR,
    );
  });

  it("never lets labels of one lane touch", () => {
    const label = fc.record({ position: fc.integer({ min: 0, max: 1000 }), room: fc.integer({ min: 1, max: 200 }) });
    fc.assert(
      fc.property(fc.array(label), fc.integer({ min: 1, max: 6 }), (unsorted, most) => {
        const labels = unsorted.toSorted((a, b) => a.position - b.position);
        const lanes = assignLanes(labels, most);
        for (let lane = 0; lane < most; lane += 1) {
          const inLane = labels.filter((_, index) => lanes[index] === lane);
          const ends = [0, ...inLane.map(({ position, room }) => position + room)];
          expect(inLane.filter(({ position }, index) => position < (ends[index] ?? 0))).toEqual([]);
        }
      }),
    );
  });
});

describe("the first leg to look at", () => {
  it("is the worst, then the one due first", () => {
    const legs = [
      leg({ leg: "a" }),
      leg({ leg: "b", verdict: "BREACHED", dueAt: "2026-03-02T16:00:00Z" }),
      leg({ leg: "c", verdict: "BREACHED" }),
    ];
    expect(findFirstLeg(legs)?.leg).toBe("c");
    expect(findFirstLeg([])).toBeUndefined();
  });

  it("is one that has not ended, where something is to be done", () => {
    const legs = [
      leg({ leg: "a", verdict: "BREACHED", endedAt: "2026-03-02T15:00:00Z" }),
      leg({ leg: "b", verdict: "AT_RISK" }),
    ];
    expect(findActionableLeg(legs)?.leg).toBe("b");
    expect(findActionableLeg([leg({})])).toBeUndefined();
  });
});

describe("objects", () => {
  const letter = fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h");
  const names = fc.uniqueArray(letter, { minLength: 1 });
  const links = fc.array(fc.tuple(letter, letter));

  it("stand in the tree exactly once, circles and missing ends or not", () => {
    const list = (tree: TreeNode[]): string[] => tree.flatMap((node) => [node.object.id, ...list(node.children)]);
    fc.assert(
      fc.property(names, links, (ids, pairs) => {
        const tree = toObjectTree({
          nodes: ids.map(object),
          links: pairs.map(([from, to]) => ({
            from: { type: "order", id: from },
            to: { type: "order", id: to },
            events: 1,
          })),
        });
        expect(list(tree).toSorted()).toEqual(ids.toSorted());
      }),
    );
  });
});

describe("the label of a mark", () => {
  it("never leaves the plot, and stands at the right while it fits there", () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(320), fc.nat(400), (at, wanted, beside) => {
        const width = at + beside;
        const { isTurned, room } = placeLabel(at, wanted, width);
        expect(isTurned ? at - room : width - at - room).toBeGreaterThanOrEqual(0);
        expect(wanted <= beside && (isTurned || room !== wanted)).toBe(false);
      }),
    );
  });
});
