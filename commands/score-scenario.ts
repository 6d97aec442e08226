import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@throughline/schemas/error";
import { parseScenario } from "../test/simulator/network/scenario.ts";
import { listMistakes, renderScore } from "../test/simulator/score/render-score.ts";
import { scoreSeeds } from "../test/simulator/score/score-seeds.ts";
import { isGood } from "../test/simulator/score/score.ts";

export interface ScoreOptions {
  seed: number;
  days: number;
  scenario: string;
  seeds: number;
}

export const USUAL_WEEK = join(import.meta.dirname, "../test/simulator/scenarios/usual-week.yaml");

/** Prints the score of a scenario as Markdown, and its mistakes; the process ends with 1 where it is not as it has to be. */
export async function scoreScenario({ scenario: path, seed, seeds, days }: ScoreOptions): Promise<void> {
  const scenario = parseScenario({ path, text: readScenario(path) });
  const startedAt = Date.now();
  const score = await scoreSeeds({
    scenario,
    seed,
    seeds,
    days,
    onProgress: ({ seed: current, share }) =>
      process.stderr.isTTY && process.stderr.write(`\rSeed ${current}: ${Math.floor(share * 100)} %  `),
  });
  process.stdout.write(`${renderScore(score)}\n`);
  for (const mistake of listMistakes(score)) process.stderr.write(`${mistake}\n`);
  process.stderr.write(`${seeds} seeds from ${seed} on, ${Math.round((Date.now() - startedAt) / 1000)} s\n`);
  if (!isGood(score)) process.exitCode = 1;
}

function readScenario(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new AppError("invalid_configuration", `The scenario ${path} cannot be read.`);
  }
}
