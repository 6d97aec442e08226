import type { ClickHouseClient } from "@clickhouse/client";
import type { Pack } from "@throughline/schemas/pack/flow";
import { type ToleranceProfile, findProfile } from "@throughline/schemas/pack/tolerance";
import { type Contest, type Fact, toObjectKey } from "../fact.ts";
import { listFactsOfObjects } from "../engine/read-facts.ts";
import type { Cursor, Deferred, Step } from "../engine/steps.ts";
import { type Arrivals, MAX_FAN_OUT } from "../engine/touch.ts";
import { evaluateScope } from "./evaluate-scope.ts";
import { type Lookup, insertLookups, listOrdersOfItem } from "./match-lookups.ts";
import { type MatchCache, type MatchScope, createMatchCache, createMatchScope, rememberScope } from "./match-scope.ts";
import { toOpenRows } from "./match-open.ts";
import { toPositionRows } from "./match-positions.ts";
import { type MatchChange, insertCounts, insertMatchChanges, toRollupRows } from "./match-store.ts";
import { type TouchedMatches, collectTouched, createFactFilter } from "./match-touch.ts";
import type { MatchRow } from "./match-row.ts";
import { postpone } from "./postpone-matches.ts";
import { findObject } from "./read-facts.ts";
import { TRADE_TYPES } from "./trade-types.ts";

const MATCHING = "matching";
const ORDER_LINE = "purchase_order_line";

/** The matching of a projector: its limits, and what it holds in memory. */
export interface Matching {
  pack: Pick<Pack, "tolerances" | "units">;
  cache: MatchCache;
  isUsed: (fact: Fact) => boolean;
  /** The types of events of which it uses any. */
  eventTypes: ReadonlySet<string>;
}

/** Undefined in a pack without tolerances, which matches nothing. */
export function createMatching(
  pack: Pick<Pack, "tolerances" | "units">,
  held: { maxHeld: number; maxHistory: number },
): Matching | undefined {
  return pack.tolerances.rules.length === 0
    ? undefined
    : {
        pack,
        cache: createMatchCache(held),
        isUsed: createFactFilter(pack.tolerances),
        eventTypes: TRADE_TYPES,
      };
}

export interface MatchStep {
  client: ClickHouseClient;
  step: Step;
  until: Readonly<Record<string, Cursor>>;
  contested: ReadonlyMap<string, Contest>;
  arrivals: Arrivals;
  isFirstNamed: (key: string) => boolean;
  /** What is left to a later step. */
  postponed: readonly Deferred[];
}

/** What a step found, to be stored with its tokens. */
export interface MatchFindings {
  changes: MatchChange[];
  rollups: object[];
  open: object[];
  positions: object[];
  lookups: readonly Lookup[];
  deferred: Deferred[];
}

const NOTHING: MatchFindings = { changes: [], rollups: [], open: [], positions: [], lookups: [], deferred: [] };

/** Matches again whatever a step touches: order lines, invoices, and what later ones find left. */
export async function matchTouched(matching: Matching, input: MatchStep): Promise<MatchFindings> {
  const { isUsed } = matching;
  const touched = collectTouched(input.arrivals, isUsed);
  const late = postpone(touched, { postponed: input.postponed, deferred: input.arrivals.deferred }, matching.cache);
  const waiting = input.arrivals.deferred.filter(({ flow }) => flow === MATCHING);
  if (touched.subjects.size === 0 && touched.lookups.length === 0 && waiting.length === 0)
    return { ...NOTHING, deferred: late };
  const scope = createMatchScope({ ...input, cache: matching.cache, touched, isUsed });
  const deferred = await touchReferenced({ touched, scope, waiting }, input);
  const evaluated = await evaluateScope(scope, {
    ...input,
    touched: [...touched.subjects.values()],
    profileOf: (of) => getProfile(matching, of),
    units: matching.pack.units,
    ruleVersion: matching.pack.tolerances.version,
  });
  rememberScope(scope, { cache: matching.cache, touched, step: input.step });
  return {
    changes: evaluated.pairs.flatMap(toChange),
    rollups: toRollupRows(evaluated.pairs),
    open: toOpenRows(evaluated.pairs),
    positions: toPositionRows(evaluated.pairs),
    lookups: [...touched.lookups, ...evaluated.lookups],
    deferred: [...deferred, ...late],
  };
}

export async function storeMatches(
  client: ClickHouseClient,
  step: Step,
  { findings, token }: { findings: MatchFindings; token: (part: string) => string },
) {
  await Promise.all([
    insertMatchChanges(client, step, { changes: findings.changes, token: token("matches") }),
    insertCounts(client, { table: "match_rollups", rows: findings.rollups, token: token("match-rollups") }),
    insertCounts(client, { table: "match_open", rows: findings.open, token: token("match-open") }),
    insertCounts(client, { table: "match_positions", rows: findings.positions, token: token("match-positions") }),
    insertLookups(client, step, { lookups: findings.lookups, token: token("match-lookups") }),
  ]);
}

function toChange({ before, after }: { before: MatchRow | undefined; after: MatchRow | undefined }): MatchChange[] {
  if (after) return [{ row: after, isRemoved: false }];
  return before ? [{ row: before, isRemoved: true }] : [];
}

function getProfile({ pack }: Matching, of: Parameters<typeof findProfile>[1]): ToleranceProfile {
  const profile = findProfile(pack.tolerances, of);
  if (profile === undefined) throw new Error("no tolerance profile fits an order line");
  return profile;
}

/** Touches the order lines of whole orders, and those that used the units or prices that changed, up to a number. */
async function touchReferenced(
  { touched, scope, waiting }: { touched: TouchedMatches; scope: MatchScope; waiting: readonly Deferred[] },
  { client, step, until }: MatchStep,
): Promise<Deferred[]> {
  const add = (id: string) => touched.subjects.set(toObjectKey({ type: ORDER_LINE, id }), { type: ORDER_LINE, id });
  const orders = [...touched.orders];
  const ofOrders =
    orders.length === 0 ? [] : await listFactsOfObjects(client, { type: "purchase_order", ids: orders }, until);
  for (const fact of ofOrders) for (const { type, id } of fact.objects) if (type === ORDER_LINE) add(id);
  const prices = await scope.listReferences([...touched.prices].map((key) => ({ kind: "contract_price", key })));
  const items = [...touched.items, ...prices.flatMap((fact) => findObject(fact, "item") ?? [])];
  const begun = [...new Set(items)].map((id) => ({ flow: MATCHING, type: "item", id, after: "" }));
  const deferred: Deferred[] = [];
  for (const item of [...waiting, ...begun]) {
    const query = { item: item.id, after: item.after, limit: MAX_FAN_OUT, before: step.batch };
    const ids = await listOrdersOfItem(client, query);
    for (const id of ids) add(id);
    const last = ids.at(-1);
    if (last !== undefined && ids.length === MAX_FAN_OUT) deferred.push({ ...item, after: last });
  }
  return deferred;
}
