import fc from "fast-check";
import { expect, test } from "vitest";
import type { SpanRow } from "../queries/span-row.ts";
import { toNanoInstant, toWaterfall } from "./waterfall.ts";

function toRow(id: string, parent: string, startNs: string): SpanRow {
  const texts = { name: id, kind: "", service: "s", status: "Ok", status_message: "" };
  return {
    ...texts,
    trace_id: "t",
    span_id: id,
    parent_span_id: parent,
    start_ns: startNs,
    duration_ns: "1",
    attributes: {},
    resource: {},
    event_times_ns: [],
    event_names: [],
    event_attributes: [],
  };
}

test("places each span once, below its parent, whatever is lost or wrong", () => {
  const id = fc.constantFrom("a", "b", "c", "d", "e", "f");
  const spans = fc.uniqueArray(fc.tuple(id, fc.option(id, { nil: "" }), fc.nat(100)), { selector: ([one]) => one });
  fc.assert(
    fc.property(spans, (sketches) => {
      const placed = toWaterfall(
        sketches.map(([one, parent, start]) => toRow(one, parent, `17700000000000000${start}`)),
      );
      expect(placed.map(({ spanId }) => spanId).toSorted()).toEqual(sketches.map(([one]) => one).toSorted());
      for (const [index, span] of placed.entries()) {
        if (span.depth === 0) continue;
        const above = placed.slice(0, index).findLast(({ depth }) => depth < span.depth);
        expect([above?.spanId, above?.depth]).toEqual([span.parentSpanId, span.depth - 1]);
      }
    }),
  );
});

test("tells nanoseconds apart", () => {
  expect(toNanoInstant("1770000000000000001")).toBe("2026-02-02T02:40:00.000000001Z");
  expect(toNanoInstant("0")).toBe("1970-01-01T00:00:00.000000000Z");
  const [, second] = toWaterfall([toRow("a", "", "1770000000000000001"), toRow("b", "a", "1770000000000000003")]);
  expect(second?.offsetNs).toBe(2);
});
