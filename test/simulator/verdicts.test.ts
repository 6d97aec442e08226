import { join } from "node:path";
import { expect, test } from "vitest";
import type { LegRow } from "../../api/src/projections/legs/leg-row.ts";
import { loadPack } from "../../commands/pack-files.ts";
import { ROOT } from "../repository/root.ts";
import { DAY } from "./demand.ts";
import { judgeTrade } from "./judge-trade.ts";
import type { TruthRow } from "./truth.ts";

const FROM = Date.parse("2026-03-01T00:00:00Z");
const TO = FROM + 12 * DAY;
const STILL_RUNNING = new Set(["OPEN", "AT_RISK"]);

const pack = loadPack(join(ROOT, "config"));
const { legs, truth } = judgeTrade({ seed: 11, from: FROM, to: TO, hospitals: 2, suppliers: 6, items: 250 }, pack);

test("each fault that breaks a leg gives the verdict that its truth expects", () => {
  const judged = truth.filter(({ expected }) => expected.verdict !== undefined).map(toJudged);
  const settled = judged.filter(({ verdict }) => verdict === undefined || !STILL_RUNNING.has(verdict));
  expect(settled.length).toBeGreaterThan(25);
  expect(settled.filter(({ row, verdict }) => verdict !== row.expected.verdict)).toEqual([]);
});

test("most legs are met: in each flow up to four percent of those decided are breached", () => {
  for (const [flow, own] of Map.groupBy(legs, (leg) => leg.flow)) {
    const [breached, met] = ["BREACHED", "MET"].map((verdict) => own.filter((leg) => leg.verdict === verdict).length);
    const decided = (breached ?? 0) + (met ?? 0);
    const share = (breached ?? 0) / decided;
    if (decided < 300) continue;
    expect([flow, share > 0.0005 && share < 0.04]).toEqual([flow, true]);
  }
});

test("every leg of every flow has ends, and hardly any is out of sequence", () => {
  const wanted = [...pack.flows.values()].flatMap((flow) => flow.legs.map((leg) => `${flow.id}/${leg.id}`));
  const ended = new Set(legs.filter(({ verdict }) => verdict === "MET").map(({ flow, leg }) => `${flow}/${leg}`));
  expect(wanted.filter((leg) => !ended.has(leg))).toEqual([]);
  expect(legs.filter(({ verdict }) => verdict === "SEQUENCE").length / legs.length).toBeLessThan(0.005);
});

function toJudged(row: TruthRow): { row: TruthRow; verdict: LegRow["verdict"] | undefined } {
  const found = legs.find(
    ({ flow, leg, instanceId }) =>
      flow === row.expected.flow && leg === row.expected.leg && instanceId === row.objects[0]?.id,
  );
  return { row, verdict: found?.verdict };
}
