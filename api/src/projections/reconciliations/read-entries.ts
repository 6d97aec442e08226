import { type Rational, negate, parseRational, toRational } from "@throughline/schemas/exact/rational";
import { usage } from "@throughline/schemas/trade-attributes";
import { type Contest, type Fact, toIdentity } from "../fact.ts";
import { compareByTime, resolveFacts } from "../legs/resolve-facts.ts";
import { KEY_SEPARATOR, toKey } from "./entry-key.ts";
import { type Entry, type Movement, SIDES, type Side, sumMovements } from "./entry.ts";
import { findTakenBack } from "./find-taken-back.ts";
import { type KeyFacts, groupByKey, isFolded, listKeyFacts } from "./key-facts.ts";
import { type ReconciliationModel, findRole } from "./model.ts";
import { type DatedEntry, levelEntries } from "./level-entries.ts";

/** Where the unit or currency of an event is not known: nothing is assumed, and nothing agrees with it. */
export const UNMEASURED = "";
const COUNT_UNIT = "count";

/** What the events that name one object say to a reconciliation. */
export interface SubjectEntries {
  /** By unit or currency. */
  units: Map<string, Entry[]>;
  /** The fact of each entry, by its id. */
  facts: Map<string, Fact>;
  /** Identities that were stated with different content. */
  conflicts: ReadonlySet<string>;
  /** Sides of which a step failed. */
  failed: ReadonlySet<Side>;
}

/**
 * Reads the entries of both sides from the events that name an object. One statement of each event counts; tests and trainings
 * do not; what was taken back is taken back from then on. The order of the facts decides nothing.
 */
export function readEntries(
  model: ReconciliationModel,
  { subject, facts: all }: History,
  contested: ReadonlyMap<string, Contest>,
): SubjectEntries {
  const { facts, conflicts } = resolveFacts(
    all.filter((fact) => isOf(model, fact)),
    contested,
  );
  const parts = isFolded(model)
    ? [...groupByKey(model, facts, subject).values()].map((group) => readKey(model, subject, group))
    : [readTogether(model, subject, { own: facts, others: [] })];
  return {
    units: groupByUnit(parts.flatMap(({ dated }) => dated)),
    facts: new Map(parts.flatMap(({ roles }) => [...roles.keys()].map((fact) => [toIdentity(fact), fact] as const))),
    conflicts,
    failed: new Set(SIDES.filter((side) => facts.some((fact) => hasFailed(model, fact, side)))),
  };
}

interface History {
  subject: string;
  facts: readonly Fact[];
}

/** What the events of a key, or of an object, come to. */
export interface KeyEntries {
  dated: DatedEntry[];
  /** The counts that stand, where side b counts. */
  levels: readonly DatedEntry[];
  roles: Map<Fact, { side: Side; isMinus: boolean }>;
  /** Reversals that found nothing to take back. */
  unmet: readonly Fact[];
}

/** Reads one key by itself; facts before `since` are only taken back, where an event names them. */
export function readKey(
  model: ReconciliationModel,
  subject: string,
  { since, ...group }: KeyFacts & { since?: number },
): KeyEntries {
  const facts = listKeyFacts(group);
  const own = new Set(group.own);
  const others = facts.filter((fact) => !own.has(fact));
  return readTogether(model, subject, { own: facts.filter((fact) => own.has(fact)), others, since });
}

function readTogether(
  model: ReconciliationModel,
  subject: string,
  { own, others, since }: { own: readonly Fact[]; others: readonly Fact[]; since?: number | undefined },
): KeyEntries {
  const roles = new Map(own.flatMap((fact) => toPair(fact, findRole(model, fact))));
  const facts = others.length === 0 ? own : [...own, ...others].toSorted(compareByTime);
  const keyOf = (fact: Fact) => toKey(model, fact, subject);
  const { found: takenBack, unmet } = findTakenBack(model, facts, { roles, keyOf, since });
  // Between counts nothing depends on what came before them: a count goes by its own site.
  const sites = isFolded(model) ? undefined : findSites([...roles.keys()], keyOf);
  const entries = [...roles].map(([fact, { side, isMinus }]): DatedEntry => {
    const key = keyOf(fact);
    const site = sites === undefined ? fact.site : (sites.get(key) ?? "");
    const at = findDate(model, fact, { side, site });
    const measured = isShared(model, fact) ? undefined : findValue(model, fact, isMinus);
    const { unit, value } = measured ?? { unit: UNMEASURED, value: toRational(0n) };
    const back = takenBack.get(fact);
    const movements = toMovements({ at, value, back, measureOf: (by) => findValue(model, by, isMinus)?.value });
    const id = toIdentity(fact);
    const { id: period } = model.clock.periodOf(at, site);
    return { unit, entry: { side, id, key: measured ? key : `${key}${KEY_SEPARATOR}${id}`, movements, period } };
  });
  const { isLevel } = model.sides.b;
  return {
    dated: isLevel ? levelEntries(entries) : entries,
    levels: isLevel
      ? entries.filter(({ entry }) => entry.side === "b" && sumMovements(entry.movements) !== undefined)
      : [],
    roles,
    unmet,
  };
}

export function groupByUnit(dated: readonly DatedEntry[]): SubjectEntries["units"] {
  return new Map(
    [...Map.groupBy(dated, ({ unit }) => unit)].map(([unit, own]) => [unit, own.map(({ entry }) => entry)]),
  );
}

function toPair<Value>(fact: Fact, value: Value | undefined): [Fact, Value][] {
  return value === undefined ? [] : [[fact, value]];
}

/** Events of other reconciliations, which name the same object, say nothing to this one. */
export function isOf({ types }: ReconciliationModel, { type, attributes }: Fact): boolean {
  return types.has(type) && (usage.parse(attributes["usage"]) ?? "production") === "production";
}

function hasFailed(model: ReconciliationModel, fact: Fact, side: Side): boolean {
  const isOfSide = model.sides[side].events.some(({ matcher }) => matcher.type === fact.type);
  return isOfSide && (fact.outcome === "failed" || fact.outcome === "rejected");
}

/** Its measure cannot be divided among the several objects that it names; only counting can take each of them. */
function isShared({ rule, subjectType }: ReconciliationModel, { objects }: Fact): boolean {
  return rule.measure.kind !== "count" && objects.filter(({ type }) => type === subjectType).length > 1;
}

/** By whose clocks each key goes: the first site that its events name. What the books post often names none. */
function findSites(facts: readonly Fact[], keyOf: (fact: Fact) => string): Map<string, string> {
  const sites = new Map<string, string>();
  for (const fact of facts.filter(({ site }) => site !== "").toSorted(compareByTime))
    if (!sites.has(keyOf(fact))) sites.set(keyOf(fact), fact.site);
  return sites;
}

function findDate(model: ReconciliationModel, fact: Fact, { side, site }: { side: Side; site: string }): number {
  const { dateAttribute } = model.sides[side];
  const day = dateAttribute === undefined ? undefined : fact.attributes[dateAttribute];
  return model.clock.startOf(day, site) ?? fact.time;
}

function findValue(
  { rule: { measure } }: ReconciliationModel,
  fact: Fact,
  isMinus: boolean,
): { unit: string; value: Rational } | undefined {
  const signed = (value: Rational) => (isMinus ? negate(value) : value);
  if (measure.kind === "count") return { unit: COUNT_UNIT, value: signed(toRational(1n)) };
  const names = measure.name ? [measure.name] : measure.kind === "money" ? ["amount"] : ["quantity", "on_hand"];
  const stated = names.map((name) => fact.measures[name]).find((found) => found !== undefined);
  const value = stated && parseRational(stated.value);
  if (!stated || !value) return undefined;
  const unit = measure.kind === "money" ? toCurrency(stated) : toUnit(stated);
  return unit ? { unit, value: signed(value) } : undefined;
}

/** The unit or currency that an entry of an event is in; empty where that is not known. */
export function findUnit(model: ReconciliationModel, fact: Fact): string {
  return isShared(model, fact) ? UNMEASURED : (findValue(model, fact, false)?.unit ?? UNMEASURED);
}

function toCurrency(measure: object): string | undefined {
  return "currency" in measure && typeof measure.currency === "string" ? measure.currency : undefined;
}

function toUnit(measure: object): string | undefined {
  return "unit" in measure && typeof measure.unit === "string" ? measure.unit : undefined;
}

function toMovements({
  at,
  value,
  back,
  measureOf,
}: {
  at: number;
  value: Rational;
  back: { by: Fact | undefined; time: number } | undefined;
  measureOf: (by: Fact) => Rational | undefined;
}): Movement[] {
  const own = [{ at, value }];
  if (back === undefined) return own;
  const part = back.by && measureOf(back.by);
  const isPart = part !== undefined && isWithin(part, value);
  return [...own, { at: Math.max(at, back.time), value: negate(isPart ? part : value) }];
}

/** What is taken back in part lies between nothing and the whole. */
function isWithin(part: Rational, whole: Rational): boolean {
  const [left, right] = [part.numerator * whole.denominator, whole.numerator * part.denominator];
  return right > 0n ? left > 0n && left < right : left < 0n && left > right;
}
