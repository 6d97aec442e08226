import type { Measure, ObjectRef, Reversal } from "@throughline/schemas/event";

/** One stored event as an evaluator sees it. Times in milliseconds since 1970 UTC. */
export interface Fact {
  log: string;
  position: number;
  source: string;
  id: string;
  revision: number;
  /** Lower-case hex. */
  digest: string;
  type: string;
  domain: string;
  time: number;
  /** How much later than `time` it may have happened; absent where that is exact. */
  impreciseMs?: number | undefined;
  arrivedAt: number;
  site: string;
  outcome: string;
  objects: readonly ObjectRef[];
  reverses: Reversal | undefined;
  measures: Readonly<Record<string, Measure>>;
  attributes: Readonly<Record<string, unknown>>;
}

const NOBODY: readonly string[] = [""];

/** What tells events apart: source and id. A revision is another statement of the same event. */
export function toIdentity(fact: { source: string; id: string }): string {
  return `${fact.source}\u0000${fact.id}`;
}

/** The source and id that `toIdentity` joined; neither can hold the separator. */
export function parseIdentity(identity: string): { source: string; id: string } {
  const at = identity.indexOf("\u0000");
  return { source: identity.slice(0, at), id: identity.slice(at + 1) };
}

export function toObjectKey(object: { type: string; id: string }): string {
  return `${object.type}\u0000${object.id}`;
}

/** The id of the first supplier that an event names. */
export function findSupplier(fact: Pick<Fact, "objects">): string | undefined {
  return fact.objects.find(({ type }) => type === "supplier")?.id;
}

/** The ids of the suppliers that an event names, each once; one empty id where it names none. */
export function listSuppliers({ objects }: Pick<Fact, "objects">): readonly string[] {
  const named = objects.filter(({ type }) => type === "supplier").map(({ id }) => id);
  return named.length === 0 ? NOBODY : named.length === 1 ? named : [...new Set(named)];
}

/** A statement of an event: which revision, with which content. */
export interface Statement {
  revision: number;
  digest: string;
}

/** The statement that counts of an event that came with several, and whether two of its revision differ in content. */
export interface Contest extends Statement {
  isConflict: boolean;
}

/** Of two statements of one event the one that counts: the higher revision, then the smaller digest. */
export function compareStatements(a: Statement, b: Statement): number {
  return b.revision - a.revision || (a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0);
}
