import { AppError } from "@throughline/schemas/error";
import { type Contest, type Fact, toIdentity } from "../../projections/fact.ts";
import { type SubjectRows, evaluateSubject } from "../../projections/reconciliations/item-row.ts";
import type { ReconciliationModel } from "../../projections/reconciliations/model.ts";
import type { Asker, StoreReader } from "../../queries/ask.ts";
import type { Cursors } from "../../queries/find-arrival-watermark.ts";
import {
  countHistoryFacts,
  type HistoryFact,
  listHistoryContests,
  listHistoryFacts,
} from "../../queries/list-history-facts.ts";
import { addDigest } from "./checkpoint-inputs.ts";

const FACTS_PER_PART = 20_000;
const MAX_FACTS = 20_000_000;
/** Subjects that are evaluated before other requests have their turn. */
const TURN = 100;

/** How many facts went into an evaluation, and the sum of their digests. */
export interface FactTally {
  count: number;
  sum: bigint;
}

/** All that is known of one object by a watermark. */
export interface SubjectHistory {
  subject: string;
  facts: readonly Fact[];
  contested: ReadonlyMap<string, Contest>;
}

/** Evaluates every object that events before a watermark name, by the rules given, and nothing else that is stored. */
export function evaluateHistory(
  source: { reader: StoreReader; asker: Asker },
  { model, cursors }: { model: ReconciliationModel; cursors: Cursors },
  take: (rows: SubjectRows) => void,
): Promise<FactTally> {
  return readHistory(source, { model, cursors }, ({ subject, facts, contested }) =>
    take(evaluateSubject(model, { subject, facts }, contested)),
  );
}

/**
 * Reads the facts of every object that events before a watermark name, or of those given. Holds one part of the facts at a time.
 * Throws `payload_too_large` beyond 20 million facts.
 */
export async function readHistory(
  { reader, asker }: { reader: StoreReader; asker: Asker },
  {
    model,
    cursors,
    subjects,
  }: { model: ReconciliationModel; cursors: Cursors; subjects?: readonly string[] | undefined },
  take: (history: SubjectHistory) => void,
): Promise<FactTally> {
  const types = [...model.types].toSorted();
  const facts = subjects === undefined ? await countHistoryFacts(reader, asker, { types, cursors }) : 0;
  if (facts > MAX_FACTS)
    throw new AppError("payload_too_large", `There are ${facts} events to evaluate; the most are ${MAX_FACTS}.`);
  const parts = Math.max(1, Math.ceil(facts / FACTS_PER_PART));
  const tally: FactTally = { count: 0, sum: 0n };
  for (let part = 0; part < parts; part += 1) {
    const asked = { types, subjectType: model.subjectType, cursors, part, parts, subjects };
    const [own, contested] = await Promise.all([
      listHistoryFacts(reader, asker, asked),
      listHistoryContests(reader, asker, asked),
    ]);
    let turn = 0;
    for (const [subject, group] of groupBySubject(own)) {
      for (const fact of group) addFact(tally, subject, fact);
      take({ subject, facts: group, contested });
      turn += 1;
      if (turn % TURN === 0) await new Promise<void>((next) => setImmediate(next));
    }
  }
  return tally;
}

function groupBySubject(facts: readonly HistoryFact[]): Map<string, Fact[]> {
  const groups = new Map<string, Fact[]>();
  for (const { fact, subjects } of facts)
    for (const subject of subjects) {
      const group = groups.get(subject);
      if (group) group.push(fact);
      else groups.set(subject, [fact]);
    }
  return groups;
}

function addFact(tally: FactTally, subject: string, fact: Fact) {
  const { log, position, revision, digest } = fact;
  tally.count += 1;
  tally.sum = addDigest(tally.sum, JSON.stringify([subject, log, position, toIdentity(fact), revision, digest]));
}
