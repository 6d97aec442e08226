import type { ClickHouseClient } from "@clickhouse/client";
import { toTimestamp } from "@throughline/schemas/rows/leg-verdicts";
import { z } from "zod";
import { type Contest, type Fact, compareStatements, toIdentity } from "../fact.ts";
import { type ArrivedFact, listFactsOfIdentities } from "./read-facts.ts";
import { readRows } from "./read-rows.ts";
import type { SeenKeys } from "./seen-keys.ts";
import type { Cursor, Step } from "./steps.ts";

/** What an arrival is beside earlier statements of the same event. */
export type Standing = "new" | "duplicate" | "superseding" | "conflicting";

export interface Contested {
  contest: Contest;
  /** All statements of the event, so that whatever instance one of them touches is evaluated again. */
  statements: readonly Fact[];
}

export interface Identified {
  standings: ReadonlyMap<Fact, Standing>;
  contested: readonly Contested[];
}

/**
 * Tells repetitions from news. Only arrivals whose identity may have been seen are looked up, over all that the store
 * holds before `until`.
 */
export async function identifyArrivals(
  client: ClickHouseClient,
  arrivals: readonly ArrivedFact[],
  options: { seen: SeenKeys; until: Readonly<Record<string, Cursor>> },
): Promise<Identified> {
  const suspects = new Map<string, Fact>();
  for (const { fact, identityHash } of arrivals) {
    if (options.seen.has(identityHash)) suspects.set(toIdentity(fact), fact);
    options.seen.add(identityHash);
  }
  const standings = new Map<Fact, Standing>();
  if (suspects.size === 0) return { standings, contested: [] };
  const stored = await listFactsOfIdentities(client, [...suspects.values()], options.until);
  const statementsOf = Map.groupBy(stored, toIdentity);
  for (const { fact } of arrivals) {
    const statements = statementsOf.get(toIdentity(fact));
    if (statements) standings.set(fact, findStanding(fact, statements));
  }
  const contested = [...suspects.keys()].flatMap((identity) => toContested(statementsOf.get(identity) ?? []) ?? []);
  return { standings, contested };
}

function findStanding(fact: Fact, statements: readonly Fact[]): Standing {
  const earlier = statements.filter(
    (other) =>
      other.arrivedAt < fact.arrivedAt ||
      (other.arrivedAt === fact.arrivedAt &&
        (other.log < fact.log || (other.log === fact.log && other.position < fact.position))),
  );
  if (earlier.length === 0) return "new";
  const sameRevision = earlier.filter(({ revision }) => revision === fact.revision);
  if (sameRevision.some(({ digest }) => digest === fact.digest)) return "duplicate";
  return sameRevision.length > 0 ? "conflicting" : "superseding";
}

function toContested(statements: readonly Fact[]): Contested | undefined {
  const winner = statements.toSorted(compareStatements)[0];
  if (
    winner === undefined ||
    statements.every(({ revision, digest }) => revision === winner.revision && digest === winner.digest)
  )
    return undefined;
  const isConflict = statements.some(
    ({ revision, digest }) => revision === winner.revision && digest !== winner.digest,
  );
  return { contest: { revision: winner.revision, digest: winner.digest, isConflict }, statements };
}

const contestRow = z.tuple([z.string(), z.string(), z.number(), z.string(), z.number()]);

/** The contests that a projector knew before a step, by identity: each knows those up to its own position. */
export async function listContests(
  client: ClickHouseClient,
  { projector, before }: { projector: string; before: number },
): Promise<Map<string, Contest>> {
  const rows = await readRows(client, contestRow, {
    caller: "projector.contests",
    sql: `SELECT source, id, argMax(revision, batch), argMax(digest, batch), argMax(is_conflict, batch)
      FROM contested_identities WHERE projector = {projector: String} AND batch < {before: UInt64}
      GROUP BY source, id LIMIT 1000000`,
    values: { projector, before },
  });
  return new Map(
    rows.map(([source, id, revision, digest, isConflict]) => [
      toIdentity({ source, id }),
      { revision, digest, isConflict: isConflict === 1 },
    ]),
  );
}

export async function insertContests(
  client: ClickHouseClient,
  step: Step,
  { projector, contested, token }: { projector: string; contested: readonly Contested[]; token: string },
) {
  const values = contested.flatMap(({ contest, statements: [first] }) =>
    first === undefined
      ? []
      : {
          projector,
          source: first.source,
          id: first.id,
          batch: step.batch,
          revision: contest.revision,
          digest: contest.digest,
          is_conflict: contest.isConflict ? 1 : 0,
          site: first.site,
          domain: first.domain,
          detected_at: toTimestamp(step.now),
        },
  );
  if (values.length === 0) return;
  await client.insert({
    table: "contested_identities",
    values,
    format: "JSONEachRow",
    clickhouse_settings: { insert_deduplication_token: token },
  });
}
