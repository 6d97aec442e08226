import { EVERYTHING } from "@throughline/schemas/clickhouse/scope";
import type { Flow } from "@throughline/schemas/pack/flow";
import type { Slo } from "@throughline/schemas/pack/slo";
import type { TimeRange } from "../contract/figure.ts";
import type { Source } from "../contract/source.ts";
import { listSloLegs, type SloFindings } from "../figures/slo-item.ts";
import type { ApiDeps } from "../http/deps.ts";
import { narrowScope } from "../interfaces/narrow-scope.ts";
import { createFeedRules } from "../projections/feeds/feed-rule.ts";
import type { Asker } from "../queries/ask.ts";
import { countLegs } from "../queries/count-legs.ts";
import { findProjectionLag } from "../queries/find-projection-lag.ts";
import { listSources } from "../queries/list-sources.ts";
import { sumJudgedLegs } from "../queries/sum-judged-legs.ts";
import { toInstant } from "../queries/time-range.ts";
import { BURN_WINDOWS_MS } from "./burn.ts";
import { findSettled } from "./settled.ts";
import { type Narrowing, toSloFilter } from "./slo-filter.ts";
import { toBudgetSpan, toBurnSpan } from "./windows.ts";

type SloDeps = Pick<ApiDeps, "reader" | "pack" | "workingTimes">;

/** How far each feed is complete, and how far evaluation has come, at one moment. */
interface Progress {
  sources: readonly Source[];
  evaluatedTo: number;
  now: number;
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
  const [sources, lag] = await Promise.all([
    listSources(deps.reader, unscoped, {
      filter: {},
      ruleOf: createFeedRules(deps.pack.sources, deps.workingTimes),
      now,
      isThen,
    }),
    findProjectionLag(deps.reader, asker, { projector: "legs", now, isThen }),
  ]);
  const evaluatedTo = lag.pendingSince === null ? now : Date.parse(lag.pendingSince);
  const found = await Promise.all(
    slos.map((slo) => readSlo(deps, asker, { slo, narrowing, progress: { sources, evaluatedTo, now } })),
  );
  return found.filter((findings) => findings !== undefined);
}

async function readSlo(
  { reader, pack, workingTimes }: SloDeps,
  asker: Asker,
  { slo, narrowing, progress }: { slo: Slo; narrowing: Narrowing; progress: Progress },
): Promise<SloFindings | undefined> {
  const flow = pack.flows.get(slo.flow);
  const filter = toSloFilter(slo, narrowing);
  if (flow === undefined || filter === undefined) return undefined;
  const { sites } = narrowScope(asker.scope, filter);
  const settled = settle({ flow, slo, sites: sites === "*" ? [] : sites }, progress);
  const { fromMs, toMs } = toBudgetSpan(slo.window, { nowMs: progress.now, workingTimes });
  const range: TimeRange = { from: toInstant(fromMs), to: toInstant(toMs) };
  const spans = BURN_WINDOWS_MS.map((lengthMs) => toBurnSpan(settled.atMs, lengthMs));
  const [counts, judged] = await Promise.all([
    countLegs(reader, asker, { ...filter, range }),
    sumJudgedLegs(reader, asker, { filter, spans }),
  ]);
  const judgedIn = (lengthMs: number) => judged[BURN_WINDOWS_MS.indexOf(lengthMs)] ?? { good: 0, bad: 0 };
  return { slo, flow, filter, range, settled, counts, judgedIn };
}

function settle(
  { flow, slo, sites }: { flow: Flow; slo: Slo; sites: readonly string[] },
  { sources, evaluatedTo, now }: Progress,
) {
  const settled = findSettled(flow, listSloLegs(slo, flow), { sources, sites, now });
  return { ...settled, atMs: Math.min(settled.atMs, evaluatedTo) };
}
