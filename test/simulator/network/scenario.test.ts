import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DAY, HOUR } from "../demand.ts";
import { generateTrade } from "../generate-trade.ts";
import { NO_FAULTS } from "../truth.ts";
import { parseScenario } from "./scenario.ts";
import { toTrade } from "./stage.ts";

const FROM = Date.parse("2026-03-02T00:00:00Z");
const SCENARIOS = join(import.meta.dirname, "../scenarios");
const HEAD = "title: One\nnetwork: { hospitals: 1, suppliers: 2, items: 10 }\nfaults:\n";

test("each shipped scenario can be played", () => {
  const names = readdirSync(SCENARIOS);
  expect(names.length).toBeGreaterThan(1);
  for (const name of names)
    expect(parseScenario({ path: name, text: readFileSync(join(SCENARIOS, name), "utf8") }).title).not.toBe("");
});

test("what is wrong with a scenario is named with its line and column", () => {
  const text = `${HEAD}  - { kind: lost, after: PT1H, lasts: PT2H }\n  - { kind: outage, after: 1 day, lasts: PT2H, of: /x }\n  - { kind: lots, after: PT1H }\n`;
  expect(() => parseScenario({ path: "s.yaml", text })).toThrow(
    /s\.yaml:4:5.*share[\s\S]*s\.yaml:5:28.*duration[\s\S]*s\.yaml:6:13: kind/,
  );
});

test("a rate holds while its fault lasts, and the other rates are none", () => {
  const text = `${HEAD}  - { kind: lost, after: PT2H, lasts: PT3H, share: 0.5 }\n`;
  const { faults } = toTrade(parseScenario({ path: "s.yaml", text }), FROM);
  const at = (hours: number) => (typeof faults === "function" ? faults(FROM + hours * HOUR) : undefined);
  expect([1, 2, 4.9, 5].map((hours) => at(hours)?.lost)).toEqual([0, 0.5, 0.5, 0]);
  expect(at(3)).toEqual({ ...NO_FAULTS, lost: 0.5 });
});

test("the truth names faults of the scenario only, in their time", () => {
  const text = `${HEAD}  - { kind: doubled, after: PT24H, lasts: PT24H, share: 0.2 }\n  - { kind: outage, after: PT30H, lasts: PT4H, of: /erp/group }\n`;
  const trade = toTrade(parseScenario({ path: "s.yaml", text }), FROM);
  const truth = [...generateTrade({ ...trade, seed: 3, to: FROM + 3 * DAY })].flatMap((dispatch) =>
    dispatch.kind === "truth" ? [dispatch.row] : [],
  );
  expect(new Set(truth.map(({ kind }) => kind))).toEqual(new Set(["doubled", "outage"]));
  const onsets = truth.map(({ onset }) => Date.parse(onset) - FROM);
  expect(Math.min(...onsets)).toBeGreaterThanOrEqual(DAY);
  expect(Math.max(...onsets)).toBeLessThan(2 * DAY + HOUR);
  expect(truth.find(({ kind }) => kind === "outage")).toMatchObject({
    onset: "2026-03-03T06:00:00.000Z",
    end: "2026-03-03T10:00:00.000Z",
    objects: [{ type: "interface", id: "/erp/group" }],
  });
});
