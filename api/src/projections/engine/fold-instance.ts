import { compareByTime, resolveFacts } from "../legs/resolve-facts.ts";
import { type Fact, toIdentity } from "../fact.ts";
import { summarize } from "../legs/summarize.ts";
import type { FlowModel } from "../legs/flow-model.ts";
import type { Evaluation } from "./evaluate-flow.ts";
import type { Instance } from "./instances.ts";
import { loadHistories } from "./load-histories.ts";

/** A history with more facts than this is folded. */
export const MAX_FACTS = 1000;

/** The last facts stay as they are, so that a little disorder in arrival does not want the whole history again. */
const KEPT_FACTS = 200;

/** Folds a history that has grown long and stores what it was folded into. */
export async function foldInstance(
  model: FlowModel,
  subject: { id: string; instance: Instance },
  evaluation: Evaluation,
) {
  const { id, instance } = subject;
  if (instance.facts.length <= MAX_FACTS) return;
  const { client, until, contested, snapshots } = evaluation;
  const loaded = (await loadHistories(client, model, { instanceIds: [id], until, contested })).get(id);
  if (loaded === undefined) return;
  const split = splitHistory(resolveFacts([...loaded.facts.values()], contested).facts, KEPT_FACTS);
  const summary = summarize({ instanceId: id, base: undefined, facts: split.folded }, model, contested);
  Object.assign(instance, { base: summary, facts: split.kept, foldedUntil: split.foldedUntil });
  if (split.waiting === 0)
    snapshots.add(model, id, {
      foldedUntil: split.foldedUntil,
      events: split.folded.length,
      state: { summary, members: loaded.members },
    });
}

/** A history cut in two, so that what is kept never reaches back into what is folded. */
export interface SplitHistory {
  folded: Fact[];
  kept: Fact[];
  foldedUntil: number;
  /** How many of the kept facts are earlier reversals of events that have not come yet. */
  waiting: number;
}

/** Cuts a resolved history behind its last reversal and between two event times, keeping about `keep` facts. */
export function splitHistory(resolved: readonly Fact[], keep: number): SplitHistory {
  const facts = resolved.toSorted(compareByTime);
  const identities = new Set(facts.map(toIdentity));
  const isWaiting = ({ reverses }: Fact) =>
    reverses !== undefined && "id" in reverses && !identities.has(toIdentity(reverses));
  const lastReversal = facts.findLastIndex((fact) => fact.reverses !== undefined && !isWaiting(fact));
  const reversed = new Set(
    facts.flatMap(({ reverses }) => (reverses !== undefined && "id" in reverses ? toIdentity(reverses) : [])),
  );
  const lastReversed = facts.findLastIndex((fact) => reversed.has(toIdentity(fact)));
  let cut = Math.max(facts.length - keep, lastReversal + 1, lastReversed + 1, 0);
  while (cut > 0 && cut < facts.length && facts[cut]?.time === facts[cut - 1]?.time) cut += 1;
  const prefix = facts.slice(0, cut);
  const waiting = prefix.filter(isWaiting);
  return {
    folded: prefix.filter((fact) => !isWaiting(fact)),
    kept: [...waiting, ...facts.slice(cut)],
    foldedUntil: prefix.at(-1)?.time ?? -Infinity,
    waiting: waiting.length,
  };
}
