import type { Pack } from "@throughline/schemas/pack/flow";
import type { TimeRange } from "../contract/figure.ts";
import { type ProcurementSeat, type ProcurementSeatQuery, type SeatStage, STAGES } from "../contract/seat.ts";
import { toCompliance, toLegCounts } from "../figures/leg-counts.ts";
import type { ApiDeps } from "../http/deps.ts";
import { toHref } from "../http/href.ts";
import type { Asker } from "../queries/ask.ts";
import { countLegs } from "../queries/count-legs.ts";
import { type SupplierRow, countSupplierLegs } from "../queries/count-supplier-legs.ts";
import { type SupplierMatches, countSupplierMatches } from "../queries/count-supplier-matches.ts";
import type { PositionFilter } from "../queries/position-filter.ts";
import { type PositionSum, sumPositions } from "../queries/sum-positions.ts";
import { toInstant, toWholeHours } from "../queries/time-range.ts";
import { findReason } from "./read-finance-seat.ts";
import { countLines, toSeatMoney } from "./seat-money.ts";
import type { ReadSeatFeeds } from "./seat-reading.ts";

const DAY_MS = 86_400_000;
const DEFAULT_MS = 28 * DAY_MS;
const FLOW = "procure-to-pay";
/** The leg that says of each stage whether it is reached in time. */
const LEGS: Readonly<Record<SeatStage, string>> = {
  confirmed: "acknowledgement",
  shipped: "shipment",
  received: "complete-receipt",
};

type Execution = NonNullable<ProcurementSeat["all"]>;
type Legs = Pick<SupplierRow, "verdict" | "legs" | "unseen"> & { leg: string };

interface Scope {
  range: TimeRange;
  site: string[] | undefined;
  kept: ReadonlySet<string>;
}

/** What procurement sees: how each supplier confirms, ships, delivers and bills. */
export async function readProcurementSeat(
  deps: ApiDeps & { readFeeds: ReadSeatFeeds },
  asker: Asker,
  { from, to, site }: ProcurementSeatQuery,
): Promise<ProcurementSeat> {
  const now = deps.now();
  const range = toWholeDays({ from, to }, now);
  const [feeds, because] = await Promise.all([
    deps.readFeeds(asker, { seat: "procurement", site }),
    findReason(deps, asker),
  ]);
  const stages = listStages(deps.pack);
  const shared = { readAt: toInstant(now), feeds, range, stages };
  if (because !== undefined) return { ...shared, because, all: null, suppliers: [] };
  const kept = new Set(stages.filter(({ isKept }) => isKept).map(({ leg }) => leg));
  const execution = await readExecution(deps, asker, { range, site, kept });
  return { ...shared, because: null, ...execution };
}

function listStages({ flows }: Pack): ProcurementSeat["stages"] {
  const legs = flows.get(FLOW)?.legs ?? [];
  return STAGES.map((stage) => {
    const found = legs.find(({ id }) => id === LEGS[stage]);
    return { stage, flow: FLOW, leg: LEGS[stage], title: found?.title ?? LEGS[stage], isKept: found !== undefined };
  });
}

async function readExecution({ reader, now }: ApiDeps, asker: Asker, scope: Scope) {
  const { range, site, kept } = scope;
  const today = toInstant(now()).slice(0, 10);
  const selections = [...kept].map((leg) => ({ flow: [FLOW], leg: [leg], site, range }));
  const [ofAll, ofSuppliers, positions, matches] = await Promise.all([
    countLegs(reader, asker, { flow: [FLOW], leg: [...kept], site, range }),
    Promise.all(selections.map((selection) => countSupplierLegs(reader, asker, selection))),
    sumPositions(reader, asker, { filter: { site }, today, bySupplier: true }),
    countSupplierMatches(reader, asker, { range, site }),
  ]);
  const legs = [...kept].flatMap((leg, index) => (ofSuppliers[index] ?? []).map((row) => ({ leg, ...row })));
  const names = new Set([...legs, ...positions, ...matches].map(({ supplier }) => supplier).filter(Boolean));
  const legsOf = Map.groupBy(legs, ({ supplier }) => supplier);
  const positionsOf = Map.groupBy(positions, ({ supplier }) => supplier);
  const matchesOf = Map.groupBy(matches, ({ supplier }) => supplier);
  const suppliers = [...names].map((supplier) => ({
    supplier,
    ...toExecution(
      {
        legs: legsOf.get(supplier) ?? [],
        positions: positionsOf.get(supplier) ?? [],
        matches: matchesOf.get(supplier) ?? [],
      },
      { ...scope, supplier: [supplier] },
    ),
  }));
  const totals = await sumPositions(reader, asker, { filter: { site }, today, bySupplier: false });
  return {
    all: toExecution({ legs: ofAll, positions: totals, matches }, scope),
    suppliers: suppliers.toSorted((a, b) => countLate(b) - countLate(a) || (a.supplier < b.supplier ? -1 : 1)),
  };
}

function countLate({ confirmed, shipped, received, overdue }: Execution): number {
  const late = [confirmed, shipped, received].map((stage) =>
    stage === null ? 0 : stage.counts.breached.value + stage.counts.overdue.value,
  );
  return late.reduce((sum, legs) => sum + legs, overdue.value);
}

function toExecution(
  found: { legs: readonly Legs[]; positions: readonly PositionSum[]; matches: readonly SupplierMatches[] },
  { range, site, kept, supplier }: Scope & { supplier?: string[] },
): Execution {
  const filter: PositionFilter = { site, supplier };
  const toStage = (leg: string) => {
    if (!kept.has(leg)) return null;
    const rows = found.legs.filter((row) => row.leg === leg);
    const scope = { flow: [FLOW], leg: [leg], site, supplier, range };
    return { counts: toLegCounts(rows, scope), compliance: toCompliance(rows, scope) };
  };
  const count = (name: keyof Omit<SupplierMatches, "supplier">, more: Record<string, string>) => ({
    value: found.matches.reduce((sum, row) => sum + row[name], 0),
    href: toHref("/matches", { site, supplier, ...range, ...more }),
  });
  return {
    confirmed: toStage(LEGS.confirmed),
    shipped: toStage(LEGS.shipped),
    received: toStage(LEGS.received),
    overdue: countLines(found.positions, "overdue_lines", filter),
    short: countLines(found.positions, "short_lines", filter),
    commitments: toSeatMoney(found.positions, "commitments", filter),
    billed: count("billed", { kind: "line" }),
    overpriced: count("overpriced", { kind: "line", code: "PRICE" }),
    orders: count("orders", { kind: "order" }),
    offContract: count("off_contract", { kind: "order", code: "CONTRACT_PRICE" }),
  };
}

/** Whole days (UTC) around what was asked, since matches are counted by the day; 28 days up to the end of today unless asked. */
function toWholeDays(asked: { from?: string | undefined; to?: string | undefined }, now: number): TimeRange {
  const toDay = (time: number, round: (value: number) => number) => round(time / DAY_MS) * DAY_MS;
  const to = toDay(asked.to === undefined ? now : Date.parse(asked.to), Math.ceil);
  const from = asked.from === undefined ? to - DEFAULT_MS : toDay(Date.parse(asked.from), Math.floor);
  return toWholeHours({ from: toInstant(from), to: toInstant(to) }, now);
}
