import type { Flow } from "@throughline/schemas/pack/flow";
import type { Slo } from "@throughline/schemas/pack/slo";
import type { Figure, TimeRange } from "../contract/figure.ts";
import type { SloItem, SloState } from "../contract/slo.ts";
import { toHref } from "../http/href.ts";
import type { LegCountRow } from "../queries/count-legs.ts";
import type { SloFilter } from "../queries/sum-judged-legs.ts";
import { toInstant } from "../queries/time-range.ts";
import { type BurnVerdict, type Judged, judgeBurn, toBurn, toErrorBudget } from "../slos/burn.ts";
import type { Settled } from "../slos/settled.ts";
import { toBurnSpan } from "../slos/windows.ts";
import { type LegListScope, toCompliance, toLegsHref, toSeenCounts } from "./leg-counts.ts";

/** What an objective is shown from: the counts of its window, and what was judged in each window of the rules. */
export interface SloFindings {
  slo: Slo;
  flow: Flow;
  filter: SloFilter;
  range: TimeRange;
  settled: Settled;
  counts: readonly LegCountRow[];
  judgedIn: (lengthMs: number) => Judged;
}

export function toSloItem(findings: SloFindings): SloItem {
  const { slo, flow, filter, range, settled } = findings;
  const scope = { ...filter, range };
  const counts = toSeenCounts(findings.counts, scope);
  const judged = { good: counts.met.value, bad: counts.breached.value };
  const verdicts = judgeBurn(findings.judgedIn, slo);
  const budget = toErrorBudget(judged, slo.objective);
  const isSpent = judged.good + judged.bad >= slo.minimum && judged.bad > budget.allowed;
  return {
    id: slo.id,
    title: slo.title,
    flow: slo.flow,
    flowTitle: flow.title,
    owner: flow.owner,
    legs: listSloLegs(slo, flow),
    suppliers: slo.suppliers ?? [],
    sites: slo.sites ?? [],
    criticality: slo.criticality ?? [],
    objective: slo.objective,
    minimum: slo.minimum,
    response: slo.response,
    window: { days: slo.window.days, calendar: slo.window.calendar ?? null, ...range },
    state: toState(verdicts, { settled, isSpent }),
    compliance: toCompliance(findings.counts, scope),
    budget: { ...budget, spent: counts.breached, provisional: counts.overdue },
    settledTo: toInstant(settled.atMs),
    coverage: { feeds: settled.feeds, blind: settled.blind, unknown: toUnknown(findings.counts, scope) },
    rules: verdicts.map((verdict) => toRule(verdict, findings)),
    href: toHref(`/slos/${encodeURIComponent(slo.id)}`, {
      site: filter.site,
      domain: filter.domain,
      asOf: filter.asOf,
    }),
  };
}

/** The legs of a window whose end nobody can see, whether or not the hours that date them are blind. */
function toUnknown(counts: readonly LegCountRow[], scope: LegListScope): Figure {
  const legs = counts.filter(({ verdict }) => verdict === "UNKNOWN").map((row) => row.legs);
  return { value: legs.reduce((sum, each) => sum + each, 0), href: toLegsHref(scope, ["UNKNOWN"]) };
}

/** The legs that an objective is of, by id, in the order of its flow. */
export function listSloLegs(slo: Slo, flow: Flow): string[] {
  return flow.legs.map(({ id }) => id).filter((id) => slo.legs === undefined || slo.legs.includes(id));
}

function toState(verdicts: readonly BurnVerdict[], of: { settled: Settled; isSpent: boolean }): SloState {
  const burning = new Set(verdicts.filter(({ isBurning }) => isBurning).map(({ rule }) => rule.severity));
  if (burning.has("page")) return "page";
  if (burning.has("ticket")) return "ticket";
  const { feeds, blind } = of.settled;
  if (feeds > 0 && blind === feeds) return "unknown";
  if (of.isSpent) return "spent";
  if (blind > 0) return "partial";
  return verdicts.some(({ isEnough }) => isEnough) ? "within" : "few";
}

function toRule({ rule, isEnough, isBurning }: BurnVerdict, findings: SloFindings): SloItem["rules"][number] {
  return {
    severity: rule.severity,
    times: rule.times,
    long: toWindow(rule.longMs, findings),
    short: toWindow(rule.shortMs, findings),
    isEnough,
    isBurning,
  };
}

function toWindow(lengthMs: number, { slo, filter, settled, judgedIn }: SloFindings) {
  const { fromMs, toMs } = toBurnSpan(settled.atMs, lengthMs);
  const range = { from: toInstant(fromMs), to: toInstant(toMs) };
  const { good, bad } = judgedIn(lengthMs);
  const figure = (value: number, verdict: "MET" | "BREACHED"): Figure => ({
    value,
    href: toLegsHref({ ...filter, range, feed: "heard" }, [verdict]),
  });
  return {
    lengthMs,
    ...range,
    good: figure(good, "MET"),
    bad: figure(bad, "BREACHED"),
    burn: toBurn({ good, bad }, slo.objective),
  };
}
