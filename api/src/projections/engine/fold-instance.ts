import { compareByTime, resolveFacts } from "../legs/resolve-facts.ts";
import type { Contest, Fact } from "../fact.ts";
import { summarize } from "../legs/evaluate-legs.ts";
import type { FlowModel } from "../legs/flow-model.ts";
import type { Evaluation } from "./evaluate-flow.ts";
import type { Instance } from "./instances.ts";
import { loadHistories } from "./load-histories.ts";

/** A history with more facts than this is folded. */
export const MAX_FACTS = 1000;

/** The last facts stay as they are, so that a little disorder in arrival does not want the whole history again. */
const KEPT_FACTS = 200;

/** Folds a history that has grown long and stores what it was folded into. */
export async function foldInstance(model: FlowModel, subject: { id: string; instance: Instance }, evaluation: Evaluation) {
  const { id, instance } = subject;
  if (instance.facts.length <= MAX_FACTS) return;
  const { client, until, contested, snapshots } = evaluation;
  const loaded = (await loadHistories(client, model, { instanceIds: [id], until, contested })).get(id);
  if (loaded === undefined) return;
  const facts = resolveFacts([...loaded.facts.values()], contested).facts.toSorted(compareByTime);
  const cut = findCut(facts);
  const last = facts[cut - 1];
  if (last === undefined) return;
  const summary = summarizePrefix(model, { id, facts: facts.slice(0, cut) }, contested);
  Object.assign(instance, { base: summary, facts: facts.slice(cut), foldedUntil: last.time, foldedEvents: cut });
  snapshots.add(model, id, { foldedUntil: last.time, events: cut, state: { summary, members: loaded.members } });
}

/**
 * Where to cut so that what stays never reaches back over the cut: behind the last reversal, and between two times.
 * Returns how many facts are folded.
 */
export function findCut(facts: readonly Fact[]): number {
  const lastReversal = facts.findLastIndex(({ reverses }) => reverses !== undefined);
  let cut = Math.max(facts.length - KEPT_FACTS, lastReversal + 1, 0);
  while (cut > 0 && cut < facts.length && facts[cut]?.time === facts[cut - 1]?.time) cut += 1;
  return cut;
}

function summarizePrefix(model: FlowModel, prefix: { id: string; facts: readonly Fact[] }, contested: ReadonlyMap<string, Contest>) {
  return summarize({ instanceId: prefix.id, base: undefined, facts: prefix.facts }, model, contested);
}
