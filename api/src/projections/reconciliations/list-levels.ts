import { type Fact, toIdentity } from "../fact.ts";
import { toKey } from "./entry-key.ts";
import type { Level } from "./level-store.ts";
import { type ReconciliationModel, findRole } from "./model.ts";
import { UNMEASURED, findUnit } from "./read-entries.ts";
import { listSubjects } from "./touch-levels.ts";

/** Every count among events, whether it stands or not. */
export function listKeyLevels(model: ReconciliationModel, facts: readonly Fact[]): Level[] {
  const counts = facts.filter((fact) => findRole(model, fact)?.side === "b");
  return counts.flatMap((fact) => {
    const unit = findUnit(model, fact);
    if (unit === UNMEASURED) return [];
    const { time: at, site } = fact;
    const id = toIdentity(fact);
    return listSubjects(model, fact).map((subject) => ({
      subject,
      key: toKey(model, fact, subject),
      unit,
      at,
      id,
      site,
    }));
  });
}
