import { calendar } from "@throughline/schemas/calendar/calendar";
import { createWorkingTimes } from "@throughline/schemas/calendar/working-time";
import { BATCH_TYPE, HEARTBEAT_TYPE } from "@throughline/schemas/event";
import { type SourceRule, sourceRule } from "@throughline/schemas/pack/flow";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFact } from "../legs/order-flow.fixture.ts";
import { createFeedRules } from "./feed-rule.ts";
import { type FeedState, findSilenceAt, toWatermark, UNHEARD } from "./feed-state.ts";
import { observeFeed } from "./observe-feed.ts";

const MINUTE = 60_000;
const START = Date.UTC(2026, 2, 2, 14);
const CALENDARS = createWorkingTimes(
  new Map([
    [
      "days",
      calendar.parse({
        id: "days",
        title: "Days",
        zone: "America/Chicago",
        shifts: { monday: [{ from: "08:00", to: "17:00" }], tuesday: [{ from: "08:00", to: "17:00" }] },
      }),
    ],
  ]),
);
const ruleOf = (rule: Partial<SourceRule>) =>
  createFeedRules([sourceRule.parse({ source: "*", watermark: "arrival", ...rule })], CALENDARS)("feed");

interface Sent {
  minute: number;
  arrivesAfter?: number;
  type?: string;
  sequence?: number;
  watermark?: number;
  complete?: boolean;
}

function toFact({ minute, arrivesAfter = 0, type = "erp.goods_receipt.posted", sequence = -1, ...said }: Sent) {
  const time = START + minute * MINUTE;
  const watermark = said.watermark === undefined ? undefined : new Date(START + said.watermark * MINUTE).toISOString();
  const attributes = { ...(watermark && { watermark }), ...(said.complete && { complete: true }) };
  return { ...createFact({ type, time, arrivedAt: time + arrivesAfter * MINUTE, attributes }), sequence };
}

const heartbeat = (minute: number, watermark: number): Sent => ({ minute, watermark, type: HEARTBEAT_TYPE });

function observe(sent: readonly Sent[], rule: ReturnType<typeof ruleOf>, before: FeedState = UNHEARD) {
  return sent.reduce((state, each) => observeFeed(state, toFact(each), { rule, isRepeat: false }).state, before);
}

const minuteOf = (state: FeedState, rule: ReturnType<typeof ruleOf>, now: number) =>
  (toWatermark("feed", state, { rule, now: START + now * MINUTE }).at - START) / MINUTE;

describe("a watermark", () => {
  const sent = fc.record({
    minute: fc.integer({ min: 0, max: 300 }),
    arrivesAfter: fc.integer({ min: 0, max: 60 }),
    type: fc.constantFrom("erp.goods_receipt.posted", HEARTBEAT_TYPE, BATCH_TYPE),
    sequence: fc.integer({ min: -1, max: 30 }),
    watermark: fc.integer({ min: -60, max: 5000 }),
  });
  const rules = fc.record(
    {
      watermark: fc.constantFrom("arrival", "heartbeat", "sequence", "batch"),
      lag: fc.constantFrom("PT0S", "PT5M"),
      heartbeatEvery: fc.constantFrom("PT5M"),
      calendar: fc.constantFrom("days"),
    },
    { requiredKeys: ["watermark"] },
  );

  it("never goes back and never passes now, whatever comes, whatever the rule", () => {
    fc.assert(
      fc.property(rules, fc.array(sent, { maxLength: 30 }), (given, all) => {
        const rule = ruleOf(given);
        let state = UNHEARD;
        let last = 0;
        let now = 0;
        const facts = all.map(toFact).toSorted((a, b) => a.arrivedAt - b.arrivedAt);
        for (const fact of facts) {
          for (const time of [fact.arrivedAt, fact.arrivedAt + 3 * MINUTE]) {
            now = Math.max(now, time);
            const { at } = toWatermark("feed", state, { rule, now });
            expect(at).toBeGreaterThanOrEqual(last);
            expect(at).toBeLessThanOrEqual(now);
            last = at;
          }
          state = observeFeed({ ...state, floorAt: last }, fact, { rule, isRepeat: false }).state;
        }
      }),
      { numRuns: 500 },
    );
  });

  it("is not poisoned by a clock that is three days ahead: what a heartbeat says counts as of its own arrival", () => {
    const rule = ruleOf({ watermark: "heartbeat" });
    const state = observe([heartbeat(30, 3 * 24 * 60)], rule);
    expect(minuteOf(state, rule, 60)).toBe(30);
  });

  it("of a numbered source is not poisoned by the time of an event that is ahead of its own arrival", () => {
    const rule = ruleOf({ watermark: "sequence" });
    const numbers = [
      { minute: 20, sequence: 1 },
      { minute: 60, arrivesAfter: -30, sequence: 2 },
    ];
    const state = observe(numbers, rule);
    expect(minuteOf(state, rule, 50)).toBe(30);
    const restarted = observe([{ minute: 40, sequence: 1 }], rule, state);
    expect(restarted.numbering).toMatchObject({ epoch: 1 });
  });

  it("of a source on the clock follows it by the lag, until the source promises signs of life", () => {
    const rule = ruleOf({ lag: "PT5M" });
    const onClock = observe([{ minute: 10 }], rule);
    expect(minuteOf(onClock, rule, 60)).toBe(55);
    const promised = observe([heartbeat(20, 18)], rule, onClock);
    expect(minuteOf(promised, rule, 60)).toBe(15);
  });

  it("goes on while the calendar says that the source does not speak", () => {
    const rule = ruleOf({ lag: "PT0S", heartbeatEvery: "PT5M", calendar: "days" });
    const closed = 10 * 60;
    expect(minuteOf(observe([{ minute: closed }], rule), rule, closed + 120)).toBe(closed + 120);
    expect(minuteOf(observe([{ minute: 10 }], rule), rule, 30)).toBe(10);
  });

  it("of a numbered source is held by a missing number for as long as patience lasts", () => {
    const rule = ruleOf({ watermark: "sequence", gapPatience: "PT30M" });
    const state = observe(
      [1, 2, 4, 5].map((sequence) => ({ minute: sequence * 10, sequence })),
      rule,
    );
    expect(minuteOf(state, rule, 60)).toBe(20);
    expect(minuteOf(state, rule, 70)).toBe(50);
    expect(minuteOf(observe([{ minute: 30, arrivesAfter: 25, sequence: 3 }], rule, state), rule, 60)).toBe(50);
  });

  it("of batches is what the last trailer says", () => {
    const rule = ruleOf({ watermark: "batch" });
    const state = observe([{ minute: 30, watermark: 20, type: BATCH_TYPE }, heartbeat(40, 39), { minute: 41 }], rule);
    expect(minuteOf(state, rule, 60)).toBe(20);
  });

  it("of a source that is complete is now", () => {
    const rule = ruleOf({ watermark: "heartbeat" });
    const state = observe([{ ...heartbeat(10, 5), complete: true }], rule);
    expect(minuteOf(state, rule, 500)).toBe(500);
    expect(findSilenceAt(state, rule)).toBeUndefined();
  });
});

describe("silence", () => {
  const silentMinute = (state: FeedState, rule: ReturnType<typeof ruleOf>) =>
    ((findSilenceAt(state, rule) ?? Number.NaN) - 1 - START) / MINUTE;

  it("is judged only of sources that promised a sign of life", () => {
    expect(findSilenceAt(observe([{ minute: 1 }], ruleOf({})), ruleOf({}))).toBeUndefined();
    expect(silentMinute(observe([heartbeat(1, 0), { minute: 3 }], ruleOf({})), ruleOf({}))).toBe(18);
    const often = ruleOf({ heartbeatEvery: "PT2M" });
    expect(silentMinute(observe([{ minute: 1 }], often), often)).toBe(7);
    const late = ruleOf({ heartbeatEvery: "PT2M", silentAfter: "PT1H" });
    expect(silentMinute(observe([{ minute: 1 }], late), late)).toBe(61);
  });

  it("does not count the hours in which a source does not speak", () => {
    const rule = ruleOf({ silentAfter: "PT30M", calendar: "days" });
    const beforeClosing = 8 * 60 + 50;
    expect(silentMinute(observe([{ minute: beforeClosing }], rule), rule)).toBe(24 * 60 + 20);
  });

  it("ends with any sign of life, a repetition too", () => {
    const rule = ruleOf({ watermark: "heartbeat" });
    const blind = { ...observe([heartbeat(10, 5)], rule), blind: { since: START, from: START + 5 * MINUTE } };
    const seen = observeFeed(blind, toFact({ minute: 40 }), { rule, isRepeat: true });
    expect(seen.ended).toEqual({ since: START, from: START + 5 * MINUTE, until: START + 40 * MINUTE });
    expect(seen.state.blind).toBeUndefined();
  });
});

describe("an event behind the watermark of its source", () => {
  it("is told with how far it lies behind (L4)", () => {
    const rule = ruleOf({ watermark: "heartbeat" });
    const state = observe([heartbeat(22, 20)], rule);
    const seen = observeFeed(state, toFact({ minute: -10, arrivesAfter: 80 }), { rule, isRepeat: false });
    expect(seen.behindMs).toBe(30 * MINUTE);
  });

  it("is one that took longer than the lag where arrival is the rule", () => {
    const rule = ruleOf({ lag: "PT5M" });
    const behind = (arrivesAfter: number) =>
      observeFeed(UNHEARD, toFact({ minute: 10, arrivesAfter }), { rule, isRepeat: false }).behindMs;
    expect([behind(5), behind(6)]).toEqual([0, MINUTE]);
  });
});
