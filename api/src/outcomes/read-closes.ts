import { type Rational, ZERO, absolute, add, parseRational } from "@throughline/schemas/exact/rational";
import { toHref } from "../http/href.ts";
import { type CheckpointHeader, type LockRow } from "../queries/checkpoint-row.ts";
import { findCheckpoint } from "../queries/list-checkpoints.ts";
import { listLateChanges } from "../queries/list-late-changes.ts";
import { listLocks } from "../queries/list-locks.ts";
import { sumCheckpointRows } from "../queries/sum-checkpoint-rows.ts";
import { checkpointInputs, toItemsAt } from "../reconciliations/checkpoints/checkpoint-inputs.ts";
import type { Case, Cases, Sample } from "./cases.ts";
import { MONEY_SCALE, toCloseParts } from "./close-accuracy.ts";
import { MAX_CASES, type OutcomeContext, type OutcomeFigure } from "./outcome-figure.ts";

const PAGE = 1000;
const MAX_CLOSES = 500;

/** What was posted in a locked period in one currency, and adjusted after its lock, both without signs. */
interface Close {
  currency: string;
  posted: Rational;
  adjusted: Rational;
  one: Case;
}

const CLOSE_ACCURACY = {
  outcome: "close-accuracy",
  title: "Close accuracy",
  formula: "1 − adjustments after the lock ÷ postings of the period, both without signs",
  unit: "share",
  better: "higher",
  basis: "locked periods of reconciliations of money, by their cut-off; postings are those of side b",
  scale: MONEY_SCALE,
} as const satisfies Partial<OutcomeFigure>;

const NO_LOCK = { because: "no period of a reconciliation that compares money has been locked in this time" };

/** Close accuracy, a figure for each currency, and the days to the lock. */
export async function listCloseFigures(context: OutcomeContext): Promise<OutcomeFigure[]> {
  const locks = await listLockedPeriods(context);
  const closes = (await Promise.all(locks.map((lock) => readClose(context, lock)))).flat();
  const currencies = [...new Set(closes.map(({ currency }) => currency))].toSorted();
  const byCurrency = currencies.map((currency): OutcomeFigure => {
    const own = closes.filter((close) => close.currency === currency);
    const id = `close-accuracy-${currency.toLowerCase()}`;
    return { ...CLOSE_ACCURACY, id, title: `Close accuracy, ${currency}`, read: () => Promise.resolve(toCases(own)) };
  });
  const none: OutcomeFigure = { ...CLOSE_ACCURACY, id: "close-accuracy", read: () => Promise.resolve(NO_LOCK) };
  return [
    ...(byCurrency.length === 0 ? [none] : byCurrency),
    {
      id: "days-to-lock",
      outcome: "close-accuracy",
      title: "Cut-off to lock",
      formula: "median and 90th percentile of locked − cut-off",
      unit: "ms",
      better: "lower",
      basis: "first locks of periods, by their cut-off",
      read: () => Promise.resolve(locks.length === 0 ? NO_LOCK : toWaits(locks)),
    },
  ];
}

/** How long it took to lock, and how accurate that was; unlocked periods are not closed. */
async function listLockedPeriods({ reader, asker, pack, span, asOf }: OutcomeContext): Promise<LockRow[]> {
  const ofMoney = new Set(
    (pack.reconciliations?.reconciliations ?? []).flatMap(({ id, measure }) => (measure.kind === "money" ? [id] : [])),
  );
  const locks = await listLocks(reader, asker, {});
  return locks
    .filter(({ reconciliation, state, at }) => ofMoney.has(reconciliation) && state === "locked" && isKnown(at, asOf))
    .filter(({ cutoff_at: cutoff }) => Date.parse(cutoff) >= span.from && Date.parse(cutoff) < span.to)
    .slice(0, MAX_CLOSES);
}

function isKnown(at: string, asOf: string | undefined): boolean {
  return asOf === undefined || Date.parse(at) <= Date.parse(asOf);
}

async function readClose(context: OutcomeContext, lock: LockRow): Promise<Close[]> {
  const { reader, asker } = context;
  const header = await findCheckpoint(reader, asker, { reconciliation: lock.reconciliation, id: lock.checkpoint });
  if (header === undefined) return [];
  const [sums, adjusted] = await Promise.all([
    sumCheckpointRows(reader, asker, lock.checkpoint),
    sumAdjustments(context, header),
  ]);
  const postings = sums.filter(({ kind, unit }) => kind === "posting" && unit !== "");
  const units = [...new Set(postings.map(({ unit }) => unit))];
  return units.map((currency) => ({
    currency,
    posted: postings.filter(({ unit }) => unit === currency).reduce((left, { gross }) => add(left, gross), ZERO),
    adjusted: adjusted.get(currency) ?? ZERO,
    one: toCase(lock),
  }));
}

/** What is known otherwise since the lock, by currency, each item by itself and without its sign. */
async function sumAdjustments(
  { reader, asker }: OutcomeContext,
  header: CheckpointHeader,
): Promise<Map<string, Rational>> {
  const at = toItemsAt(checkpointInputs.parse(JSON.parse(header.inputs)));
  const sums = new Map<string, Rational>();
  let cursor: string | undefined;
  let left = MAX_CASES;
  do {
    const page = await listLateChanges(reader, asker, { checkpoint: header.id, at, filter: {}, limit: PAGE, cursor });
    for (const { unit, net } of page.items)
      sums.set(unit, add(sums.get(unit) ?? ZERO, absolute(parseRational(net) ?? ZERO)));
    cursor = page.nextCursor ?? undefined;
    left -= page.items.length;
  } while (cursor !== undefined && left > 0);
  return sums;
}

function toCase({ reconciliation, company, cutoff_at: cutoff, checkpoint }: LockRow): Case {
  return {
    at: Date.parse(cutoff),
    key: checkpoint,
    object: { type: "reconciliation", id: reconciliation },
    site: "",
    supplier: "",
    note: [company, `cut-off ${cutoff}`].filter((text) => text !== "").join(", "),
    href: toHref(
      `/reconciliations/${encodeURIComponent(reconciliation)}/checkpoints/${encodeURIComponent(checkpoint)}/adjustments`,
    ),
  };
}

function toCases(closes: readonly Close[]): Cases {
  const counted = closes.map(({ posted, adjusted, one }): Sample => ({
    ...one,
    ...toCloseParts([adjusted], [posted]),
  }));
  return { counted, excluded: [], open: [] };
}

function toWaits(locks: readonly LockRow[]): Cases {
  const counted = locks.map((lock): Sample => {
    const one = toCase(lock);
    return { ...one, part: Math.max(0, Date.parse(lock.at) - one.at), whole: 1 };
  });
  return { counted, excluded: [], open: [] };
}
