import { type Fact, toIdentity, toObjectKey } from "../fact.ts";
import { compareByTime } from "../legs/resolve-facts.ts";
import { findReversals } from "../legs/reversals.ts";
import { SIDES, type Side } from "./entry.ts";
import type { ReconciliationModel } from "./model.ts";

/** When an entry was taken back, and by which event where that is known. */
export interface TakenBack {
  by: Fact | undefined;
  time: number;
}

/**
 * Which entries were taken back: by events that say which one, and by reversals of their side that name nothing but the key,
 * each of which takes back the latest entry before it that still stands. A reversal without its entry waits: these are told as
 * `unmet`. Entries before `since` are taken back only by what names their event.
 */
export function findTakenBack(
  model: ReconciliationModel,
  facts: readonly Fact[],
  {
    roles,
    keyOf,
    since = -Infinity,
  }: { roles: ReadonlyMap<Fact, { side: Side }>; keyOf: (fact: Fact) => string; since?: number | undefined },
): { found: Map<Fact, TakenBack>; unmet: Fact[] } {
  const successes = facts.filter(({ outcome }) => outcome === "" || outcome === "ok");
  const milestonesOf = (fact: Fact) => {
    const role = fact.time < since ? undefined : roles.get(fact);
    const milestone = role && model.sides[role.side].milestone;
    return milestone === undefined ? [] : [milestone];
  };
  const found = new Map<Fact, TakenBack>();
  const findBy = createReversalFinder(successes);
  const { reversed, unmet } = findReversals(successes, milestonesOf);
  for (const [fact, time] of reversed) if (roles.has(fact)) found.set(fact, { time, by: findBy(fact, time) });
  const undirected = successes.filter(
    (fact) => fact.reverses === undefined && SIDES.some((side) => model.sides[side].reversals.has(fact.type)),
  );
  if (undirected.length === 0) return { found, unmet };
  const standing = [...roles.keys()].filter((fact) => !found.has(fact) && fact.time >= since).toSorted(compareByTime);
  const stacks = new Map<string, Fact[]>();
  let next = 0;
  for (const by of undirected.toSorted(compareByTime)) {
    for (let fact = standing[next]; fact && fact.time <= by.time; fact = standing[++next])
      pushTo(stacks, `${roles.get(fact)?.side}${keyOf(fact)}`, fact);
    const sides = SIDES.filter((side) => model.sides[side].reversals.has(by.type));
    const stack = sides.map((side) => stacks.get(`${side}${keyOf(by)}`) ?? []).toSorted(byLatest)[0];
    const target = stack?.pop();
    if (target) found.set(target, { by, time: by.time });
    else unmet.push(by);
  }
  return { found, unmet };
}

/** The stack with the latest fact first. */
function byLatest(a: readonly Fact[], b: readonly Fact[]): number {
  const [left, right] = [a.at(-1), b.at(-1)];
  if (left === undefined || right === undefined) return left === right ? 0 : left === undefined ? 1 : -1;
  return compareByTime(right, left);
}

function pushTo(lists: Map<string, Fact[]>, key: string, fact: Fact) {
  const list = lists.get(key);
  if (list) list.push(fact);
  else lists.set(key, [fact]);
}

/** The first event of a time that says that it takes a fact back, by its identity or by an object that both name. */
function createReversalFinder(facts: readonly Fact[]): (fact: Fact, time: number) => Fact | undefined {
  const known = new Map<string, { by: Fact; place: number }>();
  for (const [place, by] of facts.entries()) {
    const { reverses, time } = by;
    if (reverses === undefined) continue;
    const name = "milestone" in reverses ? toObjectKey(reverses.object) : toIdentity(reverses);
    const key = `${time} ${"milestone" in reverses ? "object" : "event"} ${name}`;
    if (!known.has(key)) known.set(key, { by, place });
  }
  return (fact, time) => {
    const keys = [
      `${time} event ${toIdentity(fact)}`,
      ...fact.objects.map((own) => `${time} object ${toObjectKey(own)}`),
    ];
    const named = keys.flatMap((key) => known.get(key) ?? []);
    return named.toSorted((a, b) => a.place - b.place)[0]?.by;
  };
}
