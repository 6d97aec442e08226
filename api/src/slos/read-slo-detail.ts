import type { SloDetail } from "../contract/slo.ts";
import { toSpenders } from "../figures/budget-spenders.ts";
import { type SloFindings, toSloItem } from "../figures/slo-item.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { countSpenders, type SpenderKind } from "../queries/count-spenders.ts";
import { listJudgedSteps } from "../queries/sum-judged-legs.ts";
import { toInstant } from "../queries/time-range.ts";
import { BURN_RULES } from "./burn.ts";
import { toBurnSeries } from "./burn-series.ts";
import type { Span } from "./windows.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Minutes are kept for eight days; of these the longest window takes three before the series begins. */
const MAX_SERIES_MS = 5 * DAY_MS;
const MAX_POINTS = 200;

/** Steps that all windows of a series are multiples of. */
const STEPS_MS = [5, 10, 20, 30, 60].map((minutes) => minutes * MINUTE_MS);

/** The longer windows of the rules, which tell how long a burn has lasted. */
const SERIES_WINDOWS_MS = BURN_RULES.map(({ longMs }) => longMs);

/** An objective with its burn over the asked time, cut to the last five days, and what spent its budget. */
export async function readSloDetail(
  reader: StoreReader,
  asker: Asker,
  { findings, asked }: { findings: SloFindings; asked: { from?: string | undefined; to?: string | undefined } },
): Promise<SloDetail> {
  const of = (kind: SpenderKind) => readSpenders(reader, asker, { findings, kind });
  const [series, leg, supplier, site] = await Promise.all([
    readSeries(reader, asker, { findings, asked }),
    of("leg"),
    of("supplier"),
    of("site"),
  ]);
  return { slo: toSloItem(findings), series, spenders: { leg, supplier, site } };
}

async function readSpenders(
  reader: StoreReader,
  asker: Asker,
  { findings, kind }: { findings: SloFindings; kind: SpenderKind },
) {
  const within = { filter: findings.filter, range: findings.range, kind };
  return toSpenders(await countSpenders(reader, asker, within), within);
}

async function readSeries(
  reader: StoreReader,
  asker: Asker,
  { findings, asked }: { findings: SloFindings; asked: { from?: string | undefined; to?: string | undefined } },
): Promise<SloDetail["series"]> {
  const { span, stepMs } = toSeriesSpan(asked, findings.settled.atMs);
  const reach = { fromMs: span.fromMs - Math.max(...SERIES_WINDOWS_MS), toMs: span.toMs };
  const steps = await listJudgedSteps(reader, asker, { filter: findings.filter, span: reach, stepMs });
  const points = toBurnSeries(steps, {
    span,
    stepMs,
    windowsMs: SERIES_WINDOWS_MS,
    objective: findings.slo.objective,
  });
  return {
    from: toInstant(span.fromMs),
    to: toInstant(span.toMs),
    stepMs,
    windowsMs: [...SERIES_WINDOWS_MS],
    points: points.map(({ atMs, burns }) => ({ at: toInstant(atMs), burns })),
  };
}

/** What can be shown of an asked time, by whole steps: nothing before the minutes that are kept, nothing not yet settled. */
export function toSeriesSpan(
  asked: { from?: string | undefined; to?: string | undefined },
  settledMs: number,
): { span: Span; stepMs: number } {
  const end = Math.min(settledMs, asked.to === undefined ? settledMs : Date.parse(asked.to));
  const start = asked.from === undefined ? end - DAY_MS : Date.parse(asked.from);
  const earliest = settledMs - MAX_SERIES_MS;
  const [fromMs, toMs] = [Math.max(start, earliest), Math.max(end, earliest)];
  const stepMs = STEPS_MS.find((step) => (toMs - fromMs) / step <= MAX_POINTS) ?? MAX_SERIES_MS / MAX_POINTS;
  const floor = (ms: number) => Math.floor(ms / stepMs) * stepMs;
  return { span: { fromMs: Math.min(floor(fromMs), floor(toMs)), toMs: floor(toMs) }, stepMs };
}
