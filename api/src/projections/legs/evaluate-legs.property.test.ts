import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Contest, type Fact, compareStatements, toIdentity } from "../fact.ts";
import { findLeast } from "../engine/source-book.ts";
import { createCarriers } from "../feeds/carriers.ts";
import { judgeWorld } from "../oracle.fixture.ts";
import { type OracleFeed, vouch } from "../oracle-feeds.fixture.ts";
import { approvedWindows, changeTimes, worlds } from "../world.fixture.ts";
import { advanceLeg } from "./advance-leg.ts";
import { evaluateLegs, type LegContext } from "./evaluate-legs.ts";
import { summarize } from "./summarize.ts";
import { at, createContext, officeModel, orderModel, toChangedModel } from "./order-flow.fixture.ts";
import { resolveFacts } from "./resolve-facts.ts";
import { splitHistory } from "../engine/fold-instance.ts";

const NOW = at("00:00") + 2 * 86_400_000;
/** THROUGHLINE_ORACLE_RUNS asks for more histories than are worth the time every day. */
const RUNS = Number(process.env["THROUGHLINE_ORACLE_RUNS"] ?? 2000);
const ANCHOR = { type: "purchase_order_line", id: "1/10" };

/** Histories of one instance: every fact names the anchor. */
const histories = worlds.map((world) =>
  world.map((fact) => ({ ...fact, objects: [ANCHOR, ...fact.objects.filter(({ type }) => type === "supplier")] })),
);

function toComparable(rows: ReturnType<typeof evaluateLegs>) {
  return rows.map(({ leg, instanceId, verdict, startedAt, endedAt, dueAt, supplier, occurrence }) => ({
    leg,
    instanceId,
    verdict,
    startedAt,
    endedAt,
    dueAt,
    supplier,
    occurrence,
  }));
}

describe("evaluateLegs", () => {
  it("equals the oracle in any order, with any repetition, whenever the rules change", () => {
    const orders = histories.chain((facts) =>
      fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 })),
    );
    fc.assert(
      fc.property(orders, approvedWindows, changeTimes, ([facts, shuffled], windows, since) => {
        const model = since === undefined ? orderModel : toChangedModel(since);
        const rows = evaluateLegs(
          { instanceId: ANCHOR.id, base: undefined, facts: shuffled },
          model,
          createContext(NOW, NOW, windows),
        );
        expect(toComparable(rows)).toEqual(judgeWorld(model, facts, { now: NOW, windows, since }));
      }),
      { numRuns: RUNS },
    );
  });

  it("equals the oracle where working time counts, with windows and days instead of times", () => {
    fc.assert(
      fc.property(histories, approvedWindows, (facts, windows) => {
        const context = createContext(NOW, NOW, windows);
        const rows = evaluateLegs({ instanceId: ANCHOR.id, base: undefined, facts }, officeModel, context);
        expect(toComparable(rows)).toEqual(
          judgeWorld(officeModel, facts, { now: NOW, windows, hours: listOfficeHours() }),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it("equals the oracle where each feed vouches for its own supplier only, as far as it is complete", () => {
    const feeds = fc.array(
      fc
        .record({
          source: fc.constantFrom("/edi/a", "/edi/b", "/portal"),
          supplier: fc.constantFrom("", "ACME", "BRAVO", "CORSO"),
          minute: fc.integer({ min: 0, max: 48 * 60 }),
        })
        .map(({ minute, ...feed }) => ({ ...feed, completeTo: at("00:00") + minute * 60_000 })),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(histories, approvedWindows, feeds, (facts, windows, heard) => {
        const history = { instanceId: ANCHOR.id, base: undefined, facts };
        const rows = evaluateLegs(history, orderModel, { ...createContext(NOW, NOW, windows), watermark: hear(heard) });
        const judged = judgeWorld(orderModel, facts, { now: NOW, windows });
        expect(toComparable(rows)).toEqual(vouch(judged, heard, NOW));
      }),
      { numRuns: RUNS },
    );
  });

  it("is reached by advancing an earlier row through its wakes, without any history", () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 0, max: 48 * 60 }), approvedWindows, (facts, minute, windows) => {
        const now = at("00:00") + minute * 60_000;
        const history = { instanceId: ANCHOR.id, base: undefined, facts };
        const later = evaluateLegs(history, orderModel, createContext(NOW, NOW, windows));
        const advanced = evaluateLegs(history, orderModel, createContext(now, now, windows)).map((row) => {
          let current = row;
          while (current.wake && "at" in current.wake && current.wake.at <= NOW)
            current = advanceLeg(current, toClock(current.wake.at));
          return current.wake ? advanceLeg(current, toClock(NOW)) : current;
        });
        expect(advanced).toEqual(later);
      }),
      { numRuns: 2000 },
    );
  });

  it("gives the same from a folded history and the facts after it", () => {
    fc.assert(
      fc.property(histories, fc.nat(30), (facts, kept) => {
        const context = { ...createContext(NOW), contested: listContests(facts) };
        const split = splitHistory(resolveFacts(facts, context.contested).facts, kept);
        const base = summarize(
          { instanceId: ANCHOR.id, base: undefined, facts: split.folded },
          orderModel,
          context.contested,
        );
        const folded = { instanceId: ANCHOR.id, base, facts: split.kept };
        const whole = { instanceId: ANCHOR.id, base: undefined, facts };
        expect(evaluateLegs(folded, orderModel, context)).toEqual(evaluateLegs(whole, orderModel, context));
      }),
      { numRuns: 1000 },
    );
  });
});

/** The shifts of the order flow's calendar over four weeks, which start on a Monday: a day in Chicago begins at 05:00. */
function listOfficeHours() {
  const hour = 3_600_000;
  const monday = at("00:00") - 7 * 24 * hour;
  const days = Array.from({ length: 28 }, (_, index) => index).filter((index) => index % 7 < 5);
  return days.flatMap((index) =>
    [8, 13].map((opens) => {
      const from = monday + (index * 24 + 5 + opens) * hour;
      return { from, until: from + 4 * hour };
    }),
  );
}

function listContests(facts: readonly Fact[]): Map<string, Contest> {
  const contests = [...Map.groupBy(facts, toIdentity)].map(([identity, statements]): [string, Contest] => {
    const [winner] = statements.toSorted(compareStatements);
    const rivals = statements.filter(
      ({ revision, digest }) => revision === winner?.revision && digest !== winner.digest,
    );
    return [identity, { revision: winner?.revision ?? 0, digest: winner?.digest ?? "", isConflict: rivals.length > 0 }];
  });
  return new Map(contests);
}

/** Watermarks by those who sent the events of a milestone for the leg's supplier, as the projector finds them. */
function hear(feeds: readonly OracleFeed[]): LegContext["watermark"] {
  const types = orderModel.milestones.flatMap(({ events }) => events.map(({ type }) => type));
  const carriers = createCarriers(
    feeds.flatMap((feed) => types.map((type) => ({ ...feed, type, site: "north", domain: "erp" }))),
  );
  return (model, milestone, place) => {
    const ends = model.milestones.find(({ id }) => id === milestone)?.events.map(({ type }) => type) ?? [];
    const each = carriers.list(ends, place).flatMap((source) => feeds.filter((feed) => feed.source === source));
    return findLeast(
      each.map(({ source, completeTo }) => ({ source, at: completeTo })),
      NOW,
    );
  };
}

function toClock(now: number) {
  const watermark = { source: "feed", at: now, lagMs: undefined };
  return { now, from: watermark, to: watermark, skewAllowanceMs: orderModel.skewAllowanceMs };
}
