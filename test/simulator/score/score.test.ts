import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseScenario } from "../network/scenario.ts";
import { listMistakes } from "./render-score.ts";
import { scoreSeeds } from "./score-seeds.ts";
import { isGood } from "./score.ts";

const SCENARIOS = join(import.meta.dirname, "../scenarios");
const read = (name: string) => parseScenario({ path: name, text: readFileSync(join(SCENARIOS, name), "utf8") });
const COARSE = { seeds: 1, stepHours: 6, stepsPerLook: 4 };

test("a tower says nothing of days on which nothing goes wrong", { timeout: 300_000 }, async () => {
  const score = await scoreSeeds({ ...COARSE, scenario: read("quiet.yaml"), seed: 21, days: 3 });
  expect(score.events).toBeGreaterThan(1000);
  expect(listMistakes(score)).toEqual([]);
});

test(
  "a tower finds what goes wrong in a week, as what it is, and raises nothing else",
  { timeout: 300_000 },
  async () => {
    const score = await scoreSeeds({ ...COARSE, scenario: read("usual-week.yaml"), seed: 22, days: 4 });
    expect(listMistakes(score)).toEqual([]);
    expect(score.kinds.length).toBeGreaterThan(7);
    expect(isGood(score)).toBe(true);
  },
);
