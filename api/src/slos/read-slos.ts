import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import type { Slo } from "@throughline/schemas/pack/slo";
import type { TimeRange } from "../contract/figure.ts";
import { listSloLegs, type SloFindings } from "../figures/slo-item.ts";
import type { Configuration } from "../configuration/configurations.ts";
import { narrowScope } from "../interfaces/narrow-scope.ts";
import { createCarriers } from "../projections/feeds/carriers.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { countLegs } from "../queries/count-legs.ts";
import { toStoreTime } from "../queries/conditions.ts";
import { findProjectionLag } from "../queries/find-projection-lag.ts";
import { listCarriedTypes } from "../queries/list-carried-types.ts";
import { listSources } from "../queries/list-sources.ts";
import { sumJudgedLegs } from "../queries/sum-judged-legs.ts";
import { toInstant } from "../queries/time-range.ts";
import { BURN_WINDOWS_MS } from "./burn.ts";
import { findSettled, type KnownFeeds } from "./settled.ts";
import { type Narrowing, toSloFilter } from "./slo-filter.ts";
import { toBudgetSpan, toBurnSpan } from "./windows.ts";

/** `pack` is what was agreed at the moment that is asked of. */
interface SloDeps {
  reader: StoreReader;
  pack: Configuration;
}

/** How far each feed is complete, and how far evaluation has come, at one moment. */
interface Progress extends KnownFeeds {
  evaluatedTo: number;
}

/**
 * What each of some objectives is shown from. Those whose sites are not asked for are left out. How far feeds are complete
 * is asked without a scope, since a verdict waits for a feed whether or not its reader sees it; nothing of them is shown.
 * `now` is the present or the moment that is asked of.
 */
export async function readSlos(
  deps: SloDeps,
  asker: Asker,
  { slos, narrowing, now }: { slos: readonly Slo[]; narrowing: Narrowing; now: number },
): Promise<SloFindings[]> {
  const unscoped = { scope: EVERYTHING, ...(asker.signal && { signal: asker.signal }) };
  const isThen = narrowing.asOf !== undefined;
  const { ruleOf } = deps.pack;
  const asOf = isThen ? toStoreTime(now) : undefined;
  const [sources, carried, lag] = await Promise.all([
    listSources(deps.reader, unscoped, { filter: {}, ruleOf, now, isThen }),
    listCarriedTypes(deps.reader, asker, { asOf, ceiling: undefined }),
    findProjectionLag(deps.reader, asker, { projector: "legs", now, isThen }),
  ]);
  const carriers = createCarriers(carried, (source) => ruleOf(source).suppliers);
  const evaluatedTo = lag.pendingSince === null ? now : Date.parse(lag.pendingSince);
  const found = await Promise.all(
    slos.map((slo) => readSlo(deps, asker, { slo, narrowing, progress: { sources, carriers, evaluatedTo, now } })),
  );
  return found.filter((findings) => findings !== undefined);
}

async function readSlo(
  { reader, pack }: SloDeps,
  asker: Asker,
  { slo, narrowing, progress }: { slo: Slo; narrowing: Narrowing; progress: Progress },
): Promise<SloFindings | undefined> {
  const flow = pack.flows.get(slo.flow);
  const filter = toSloFilter(slo, narrowing);
  if (flow === undefined || filter === undefined) return undefined;
  const { sites } = narrowScope(asker.scope, filter);
  const legs = listSloLegs(slo, flow);
  const feeds = findSettled(
    flow,
    { legs, sites: sites === "*" ? [] : sites, suppliers: slo.suppliers ?? [] },
    progress,
  );
  const settled = { ...feeds, atMs: Math.min(feeds.atMs, progress.evaluatedTo) };
  const { fromMs, toMs } = toBudgetSpan(slo.window, { nowMs: progress.now, workingTimes: pack.workingTimes });
  const range: TimeRange = { from: toInstant(fromMs), to: toInstant(toMs) };
  const spans = BURN_WINDOWS_MS.map((lengthMs) => toBurnSpan(settled.atMs, lengthMs));
  const [counts, judged] = await Promise.all([
    countLegs(reader, asker, { ...filter, range }),
    sumJudgedLegs(reader, asker, { filter, spans }),
  ]);
  const judgedIn = (lengthMs: number) => judged[BURN_WINDOWS_MS.indexOf(lengthMs)] ?? { good: 0, bad: 0 };
  return { slo, flow, filter, range, settled, counts, judgedIn };
}
