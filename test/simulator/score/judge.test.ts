import { describe, expect, test } from "vitest";
import type { TruthRow } from "../truth.ts";
import { type SeenFinding, judge } from "./judge.ts";
import { createRelations } from "./relations.ts";

const ONSET = "2026-03-03T08:00:00.000Z";
const UNTIL = Date.parse("2026-03-08T00:00:00Z");
const after = (hours: number) => Date.parse(ONSET) + hours * 3_600_000;

const LOST: TruthRow = {
  id: "fault-1",
  kind: "lost",
  onset: ONSET,
  end: null,
  objects: [{ type: "purchase_order_line", id: "1/10" }],
  events: [{ source: "/edi/A", id: "7" }],
  expected: { finding: "", flow: "procure-to-pay", leg: "acknowledgement", verdict: "BREACHED" },
};

function toLegFinding(leg: string, id: string, hasEnded = false): SeenFinding {
  return {
    key: `${leg} ${id}`,
    channel: "leg",
    name: `procure-to-pay/${leg}`,
    verdict: "BREACHED",
    hasEnded,
    objects: [["purchase_order_line", id]],
    at: after(4),
    firstAt: after(4),
  };
}

function judgeOne(findings: readonly SeenFinding[], truth: readonly TruthRow[] = [LOST]) {
  const relations = createRelations();
  relations.add({
    specversion: "1.0",
    id: "1",
    source: "/erp",
    type: "erp.invoice.received",
    time: ONSET,
    data: {
      objects: [
        { type: "purchase_order_line", id: "1/10" },
        { type: "invoice", id: "A/1" },
        { type: "item", id: "drug" },
      ],
    },
  });
  relations.add({
    specversion: "1.0",
    id: "2",
    source: "/erp",
    type: "erp.invoice.received",
    time: ONSET,
    data: {
      objects: [
        { type: "purchase_order_line", id: "2/10" },
        { type: "item", id: "drug" },
      ],
    },
  });
  return judge({ truth, findings, relations }, UNTIL);
}

describe("a fault", () => {
  test("is found by the finding that it is expected to show", () => {
    const { verdicts, alarms } = judgeOne([toLegFinding("acknowledgement", "1/10")]);
    expect(verdicts.map(({ found }) => found?.name)).toEqual(["procure-to-pay/acknowledgement"]);
    expect(alarms).toEqual([]);
  });

  test("is missed where nothing is said of it", () => {
    expect(judgeOne([]).verdicts).toEqual([{ row: LOST, found: undefined, takenFor: undefined }]);
  });

  test("is taken for another kind where the tower says something else of its document", () => {
    expect(judgeOne([toLegFinding("acknowledgement", "1/10", true)]).verdicts[0]?.takenFor).toBe("late");
  });

  test("explains what follows from it in the documents beside", () => {
    const match = { ...toLegFinding("", ""), key: "m", channel: "match" as const, name: "PRICE" };
    const { alarms, consequences } = judgeOne([
      toLegFinding("acknowledgement", "1/10"),
      { ...match, objects: [["invoice", "A/1"]] },
    ]);
    expect([alarms.length, consequences]).toEqual([0, 1]);
  });

  test("explains nothing of other documents, though they are about the same item", () => {
    const { alarms } = judgeOne([toLegFinding("acknowledgement", "1/10"), toLegFinding("acknowledgement", "2/10")]);
    expect(alarms.map(({ key }) => key)).toEqual(["acknowledgement 2/10"]);
  });

  test("explains nothing that was found before it began", () => {
    const early = { ...toLegFinding("match", "1/10"), firstAt: after(-3), at: after(-3) };
    expect(judgeOne([toLegFinding("acknowledgement", "1/10"), early]).alarms).toEqual([early]);
  });
});

test("what ends after the end of the score counts as late before it has ended", () => {
  const late = { ...LOST, kind: "late" as const, end: new Date(UNTIL + 1).toISOString(), events: [] };
  expect(judgeOne([toLegFinding("acknowledgement", "1/10")], [late]).verdicts[0]?.found).toBeDefined();
  const ended = { ...late, end: new Date(UNTIL - 1).toISOString() };
  expect(judgeOne([toLegFinding("acknowledgement", "1/10")], [ended]).verdicts[0]?.found).toBeUndefined();
});

test("a gap of a feed stands for all numbers that are missing in it", () => {
  const gap: SeenFinding = {
    key: "gap",
    channel: "feed",
    name: "missing-numbers",
    objects: [["source", "/edi/A"]],
    at: after(1),
    firstAt: after(2),
  };
  const other = { ...LOST, id: "fault-2", objects: [{ type: "purchase_order_line", id: "3/10" }] };
  expect(judgeOne([gap], [LOST, other]).verdicts.map(({ found }) => found?.key)).toEqual(["gap", "gap"]);
});

test("of two documents of a source that nobody could read each is found, whichever is listed first", () => {
  const strike = (id: string, hours: number): TruthRow => ({
    ...LOST,
    id,
    kind: "corrupted",
    onset: new Date(after(hours)).toISOString(),
    objects: [],
  });
  const refuse = (key: string, hours: number): SeenFinding => ({
    key,
    channel: "quarantine",
    name: "invalid_request",
    objects: [["source", "/edi/A"]],
    at: after(hours),
    firstAt: after(hours),
  });
  const { verdicts } = judgeOne([refuse("late", 40), refuse("early", 0)], [strike("a", 0), strike("b", 40)]);
  expect(verdicts.map(({ found }) => found?.key)).toEqual(["early", "late"]);
});
