import type { Scenario } from "../network/scenario.ts";
import { loadNetworkPack } from "../network/load-network-pack.ts";
import { runScore } from "./run-score.ts";
import { startScoredTower } from "./scored-tower.ts";
import { type Score, mergeScores } from "./score.ts";

export interface SeedsOptions {
  scenario: Scenario;
  /** The first of the seeds; the others follow it. */
  seed: number;
  seeds: number;
  days: number;
  /** Hours between two evaluations, and evaluations between two looks. */
  stepHours?: number;
  stepsPerLook?: number;
  /** Called after each step; `share` is 0 to 1 of one seed. */
  onProgress?: (progress: { seed: number; share: number }) => void;
}

/** A Thursday, so that the books of a week are closed on the fifth day. */
const FROM = Date.parse("2026-03-12T00:00:00Z");

/** Plays a scenario with each seed into a tower of its own, and adds the scores up. */
export async function scoreSeeds(options: SeedsOptions): Promise<Score> {
  const { scenario, days, stepHours = 4, stepsPerLook = 3, onProgress } = options;
  const scores: Score[] = [];
  for (let seed = options.seed; seed < options.seed + options.seeds; seed++) {
    const tower = await startScoredTower(loadNetworkPack(), FROM);
    try {
      const play = { scenario, seed, days, from: FROM, stepHours, stepsPerLook };
      scores.push(await runScore(tower, { ...play, onStep: (share) => onProgress?.({ seed, share }) }));
    } finally {
      await tower.close();
    }
  }
  return mergeScores(scores);
}
