import { parseEvent } from "@throughline/schemas/event-validator";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createTestThroughline } from "../testing/test-throughline.ts";
import { toWatermark } from "./heartbeat.ts";

const START = Date.UTC(2026, 2, 2, 14, 20);
const TYPE = "erp.goods_receipt.posted";

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

function listBeats(throughline: ReturnType<typeof createTestThroughline>) {
  return throughline.emitted().filter(({ type }) => type === "throughline.feed.heartbeat");
}

describe("a source", () => {
  test("says every minute that it is alive, up to when it is complete, and how much it has told", () => {
    const throughline = createTestThroughline({ heartbeat: {} });
    expect(listBeats(throughline)).toEqual([]);
    throughline.emit({ type: TYPE });
    vi.advanceTimersByTime(120_000);
    const beats = listBeats(throughline);
    expect(beats.map(({ data }) => data.attributes)).toEqual([
      { watermark: "2026-03-02T14:21:00.000Z", events: 1, queued: 0, dropped: 0 },
      { watermark: "2026-03-02T14:22:00.000Z", events: 2, queued: 0, dropped: 0 },
    ]);
    for (const beat of beats) expect(parseEvent(beat)).toMatchObject({ ok: true });
    expect(throughline.stats().removedAttributes).toBe(0);
  });

  test("says it a last time at its end, unless it was over before the first", async () => {
    const throughline = createTestThroughline({ heartbeat: { everyMs: 5000 } });
    vi.advanceTimersByTime(7000);
    await throughline.shutdown();
    vi.advanceTimersByTime(60_000);
    expect(listBeats(throughline).map(({ time }) => time)).toEqual([
      "2026-03-02T14:20:05.000Z",
      "2026-03-02T14:20:07.000Z",
    ]);
    const brief = createTestThroughline({ heartbeat: { everyMs: 5000 } });
    vi.advanceTimersByTime(4000);
    await brief.shutdown();
    expect(listBeats(brief)).toEqual([]);
  });

  test("is complete no further than its host says, and stands still when the host fails to say", () => {
    let limit: () => Date = () => new Date(START - 60_000);
    const throughline = createTestThroughline({ heartbeat: { everyMs: 1000, watermark: () => limit() } });
    vi.advanceTimersByTime(1000);
    limit = () => {
      throw new Error("broken hook");
    };
    vi.advanceTimersByTime(1000);
    limit = () => new Date("never");
    vi.advanceTimersByTime(1000);
    expect(listBeats(throughline).map(({ data }) => data.attributes?.["watermark"])).toEqual(
      Array.from({ length: 3 }, () => "2026-03-02T14:19:00.000Z"),
    );
  });

  test("says nothing by itself where events go to an exporter of the host's, or when it is told not to", () => {
    for (const throughline of [createTestThroughline(), createTestThroughline({ heartbeat: false })]) {
      vi.advanceTimersByTime(600_000);
      expect(throughline.emitted()).toEqual([]);
    }
  });
});

describe("the watermark", () => {
  test.each([
    ["of an empty queue is now", { spooled: 0, oldestQueuedMs: 0 }, 5000],
    ["lies where the oldest in memory does", { spooled: 0, oldestQueuedMs: 1500 }, 3500],
    ["stands still while something is on disk", { spooled: 1, oldestQueuedMs: 0 }, 2000],
  ])("%s", (_, stats, expected) => {
    expect(toWatermark({ stats, reachedAt: 2000, now: 5000, limitAt: undefined })).toBe(expected);
  });

  test("never goes back and never passes the present, whatever happens", () => {
    const step = fc.record({
      now: fc.nat(10_000),
      spooled: fc.nat(1),
      oldestQueuedMs: fc.nat(12_000),
      limitAt: fc.option(fc.oneof(fc.integer({ max: 20_000 }), fc.constant(Number.NaN)), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let reachedAt: number | undefined;
        for (const { now, limitAt, ...stats } of steps.toSorted((a, b) => a.now - b.now)) {
          const next = toWatermark({ stats, reachedAt, now, limitAt });
          expect(next ?? 0).toBeGreaterThanOrEqual(reachedAt ?? 0);
          expect(next ?? 0).toBeLessThanOrEqual(now);
          reachedAt = next;
        }
      }),
    );
  });
});

describe("numbers", () => {
  test("are dense from 1 over what is kept, and the host's own go before", () => {
    const throughline = createTestThroughline({
      sequence: true,
      redact: (event) => (event.subject === "hold" ? undefined : event),
    });
    throughline.emit({ type: TYPE });
    throughline.emit({ type: TYPE, subject: "hold" });
    throughline.emit({ type: TYPE, objects: [{ type: "item", id: "" }] });
    throughline.emit({
      type: TYPE,
      reason: "x",
      objects: Array.from({ length: 900 }, () => ({ type: "item" as const, id: "x".repeat(500) })),
    });
    throughline.emit({ type: TYPE, sequence: "700" });
    throughline.emit({ type: TYPE });
    expect(throughline.stats().dropped).toMatchObject({ redacted: 1, invalid: 1, too_large: 1 });
    expect(throughline.emitted().map(({ sequence }) => sequence)).toEqual(["1", "700", "2"]);
  });

  test("are not given unless asked for", () => {
    const throughline = createTestThroughline();
    throughline.emit({ type: TYPE });
    expect(throughline.emitted()[0]?.sequence).toBeUndefined();
  });
});
