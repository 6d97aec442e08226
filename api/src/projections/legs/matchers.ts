import type { Condition } from "@throughline/schemas/pack/flow";
import type { Fact } from "../fact.ts";

/** Which events are meant: a type, and what has to hold of them. */
export interface EventMatcher {
  type: string;
  conditions: readonly FieldCondition[];
}

export interface FieldCondition {
  read: (fact: Fact) => unknown;
  values: ReadonlySet<unknown>;
}

const UNSUCCESSFUL: ReadonlySet<unknown> = new Set(["failed", "rejected", "retried"]);

/** True for what was done, not only tried. */
export function isSuccessful({ outcome }: Pick<Fact, "outcome">): boolean {
  return !UNSUCCESSFUL.has(outcome);
}

/** True when the event is of the type, and was a success unless the condition on its outcome says otherwise. */
export function isMatch(matcher: EventMatcher, fact: Fact): boolean {
  return matcher.type === fact.type && hasAll(matcher.conditions, fact);
}

export function hasAll(conditions: readonly FieldCondition[], fact: Fact): boolean {
  return conditions.every(({ read, values }) => values.has(read(fact)));
}

export function toMatcher(event: { type: string; where?: Condition | undefined }): EventMatcher {
  const conditions = toConditions(event.where);
  if (event.where?.["outcome"] !== undefined) return { type: event.type, conditions };
  const success = { read: isSuccessful, values: new Set([true]) };
  return { type: event.type, conditions: [success, ...conditions] };
}

export function toConditions(where: Condition | undefined): FieldCondition[] {
  return Object.entries(where ?? {}).map(([field, values]) => ({ read: toReader(field), values: new Set(values) }));
}

function toReader(field: string): (fact: Fact) => unknown {
  if (field === "site") return (fact) => fact.site;
  if (field === "source") return (fact) => fact.source;
  if (field === "outcome") return (fact) => fact.outcome || "ok";
  const name = field.slice("attributes.".length);
  return (fact) => fact.attributes[name];
}
