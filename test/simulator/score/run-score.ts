import { legPage } from "@throughline/api/contract/leg";
import { DAY, MINUTE } from "../demand.ts";
import type { Scenario } from "../network/scenario.ts";
import { toTrade } from "../network/stage.ts";
import { type Verdict, judge } from "./judge.ts";
import { play } from "./play.ts";
import type { ScoredTower } from "./scored-tower.ts";
import { type Score, toScore } from "./score.ts";

export interface ScoreOptions {
  scenario: Scenario;
  seed: number;
  days: number;
  /** Unix milliseconds of the trade's first moment. */
  from: number;
  stepHours: number;
  stepsPerLook: number;
  onStep?: (share: number) => void;
}

const WARM_UP = DAY;
const UNDECIDED = new Set([
  "OPEN",
  "AT_RISK",
  "OVERDUE_PROVISIONAL",
  "PAUSED",
  "UNKNOWN",
  "PENDING_START",
  "SUPERSEDED",
  "EXCLUDED",
]);

/** Plays a scenario into an empty tower, and holds what the tower found against what was done. */
export async function runScore(tower: ScoredTower, options: ScoreOptions): Promise<Score> {
  const { scenario, seed, days, from, stepHours, stepsPerLook, onStep } = options;
  const trade = { ...toTrade(scenario, from), seed, to: from + days * DAY, heartbeatEveryMs: 15 * MINUTE };
  const played = await play(tower, {
    trade,
    scoredFrom: from + WARM_UP,
    stepHours,
    stepsPerLook,
    ...(onStep && { onStep }),
  });
  const judged = judge(played, trade.to);
  const states = new Map<Verdict, string | undefined>();
  for (const verdict of judged.verdicts)
    if (verdict.found === undefined) states.set(verdict, await findVerdict(tower, verdict, { from, to: trade.to }));
  const scored = {
    ...judged,
    verdicts: judged.verdicts.filter((verdict) => !UNDECIDED.has(states.get(verdict) ?? "")),
  };
  const falseGreens = scored.verdicts.filter(
    (verdict) => states.get(verdict) === "MET" && verdict.row.expected.verdict === "BREACHED",
  );
  const undecided = judged.verdicts.length - scored.verdicts.length;
  return toScore({ ...scored, falseGreens, days, events: played.events, undecided });
}

/** What the tower says of the leg that a fault should have broken; undefined where it has none. */
async function findVerdict(tower: ScoredTower, { row }: Verdict, range: { from: number; to: number }) {
  const { flow, leg } = row.expected;
  const [instance] = row.objects;
  if (flow === undefined || leg === undefined || instance === undefined) return undefined;
  const [from, to] = [range.from - DAY, range.to + 40 * DAY].map((at) => new Date(at).toISOString());
  const query = new URLSearchParams({ flow, leg, instanceId: instance.id, from: from ?? "", to: to ?? "" });
  const { items } = legPage.parse(await tower.get(`/legs?${query.toString()}`));
  return items.at(0)?.verdict;
}
