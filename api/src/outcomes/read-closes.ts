import { AppError } from "@throughline/schemas/error";
import { type Rational, ZERO, parseRational } from "@throughline/schemas/exact/rational";
import type { CloseAccuracy } from "../contract/close.ts";
import { toHref } from "../http/href.ts";
import type { LockRow } from "../queries/checkpoint-row.ts";
import { findCheckpoint } from "../queries/list-checkpoints.ts";
import { listLocks } from "../queries/list-locks.ts";
import { measureAccuracy } from "../reconciliations/close/measure-accuracy.ts";
import type { Case, Cases, Excluded, NotMeasurable, Sample } from "./cases.ts";
import { MONEY_SCALE, toCloseParts } from "./close-accuracy.ts";
import type { OutcomeContext, OutcomeFigure } from "./outcome-figure.ts";

const MAX_CLOSES = 60;

/** What was posted in a locked period and adjusted after its lock, by currency. */
interface Close {
  one: Case;
  units: CloseAccuracy["units"];
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["forbidden", "you may not see all of its sites"],
  ["payload_too_large", "later facts touched more than can be compared"],
  ["conflict", "it was unlocked meanwhile"],
]);

const CLOSE_ACCURACY = {
  outcome: "close-accuracy",
  title: "Close accuracy",
  formula: "1 − adjustments after the lock ÷ postings of the period, both without signs",
  unit: "share",
  better: "higher",
  basis: "locked periods of reconciliations of money, by their cut-off; postings are those of side b",
  scale: MONEY_SCALE,
} as const satisfies Partial<OutcomeFigure>;

const NOT_THEN = { because: "adjustments are known as of now only" };
const TOO_MANY_LOCKS = { because: "more than 60 periods were locked in this time; choose a shorter one" };
const NO_LOCK = { because: "no period of a reconciliation that compares money has been locked in this time" };

/** Close accuracy, a figure for each currency, and the days to the lock. */
export async function listCloseFigures(context: OutcomeContext): Promise<OutcomeFigure[]> {
  if (context.asOf !== undefined) return [refuse(NOT_THEN), toWaitFigure(NOT_THEN)];
  const locks = await listLockedPeriods(context);
  if (locks.length === 0) return [refuse(NO_LOCK), toWaitFigure(NO_LOCK)];
  if (locks.length > MAX_CLOSES) return [refuse(TOO_MANY_LOCKS), toWaitFigure(toWaits(locks))];
  const closes: Close[] = [];
  const excluded: Excluded[] = [];
  // One after the other: each compares what was posted with what is known now.
  for (const lock of locks) {
    const read = await readClose(context, lock);
    if ("reason" in read) excluded.push(read);
    else closes.push(read);
  }
  const currencies = [...new Set(closes.flatMap(({ units }) => units.map(({ unit }) => unit)))].toSorted();
  const figures = currencies.map((currency): OutcomeFigure => {
    const cases = { counted: listSamples(closes, currency), excluded, open: [] };
    const id = `close-accuracy-${currency.toLowerCase()}`;
    return { ...CLOSE_ACCURACY, id, title: `Close accuracy, ${currency}`, read: () => Promise.resolve(cases) };
  });
  return [...(figures.length === 0 ? [refuse(NO_LOCK)] : figures), toWaitFigure(toWaits(locks))];
}

function refuse(because: NotMeasurable): OutcomeFigure {
  return { ...CLOSE_ACCURACY, id: "close-accuracy", read: () => Promise.resolve(because) };
}

function toWaitFigure(cases: Cases | NotMeasurable): OutcomeFigure {
  return {
    id: "days-to-lock",
    outcome: "close-accuracy",
    title: "Cut-off to lock",
    formula: "median and 90th percentile of locked − cut-off",
    unit: "ms",
    better: "lower",
    basis: "locks of periods of reconciliations of money, by their cut-off",
    read: () => Promise.resolve(cases),
  };
}

/** How long it took to lock, and how accurate that was; unlocked periods are not closed. */
async function listLockedPeriods({ reader, asker, pack, span }: OutcomeContext): Promise<LockRow[]> {
  const ofMoney = new Set(
    (pack.reconciliations?.reconciliations ?? []).flatMap(({ id, measure }) => (measure.kind === "money" ? [id] : [])),
  );
  const locks = await listLocks(reader, asker, {});
  return locks
    .filter(({ reconciliation, state }) => ofMoney.has(reconciliation) && state === "locked")
    .filter(({ cutoff_at: cutoff }) => Date.parse(cutoff) >= span.from && Date.parse(cutoff) < span.to);
}

/** What a lock was worth; excluded where its accuracy cannot be told, beside each currency. */
async function readClose({ checkpoints }: OutcomeContext, lock: LockRow): Promise<Close | Excluded> {
  const { reader, asker } = checkpoints;
  const one = toCase(lock);
  const header = await findCheckpoint(reader, asker, { reconciliation: lock.reconciliation, id: lock.checkpoint });
  if (header === undefined) return { ...one, reason: "its checkpoint is not there any more" };
  try {
    const { units } = await measureAccuracy(checkpoints, { header, lock });
    return { one, units };
  } catch (error) {
    const reason = error instanceof AppError ? REASONS.get(error.code) : undefined;
    if (reason === undefined) throw error;
    return { ...one, reason };
  }
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

function listSamples(closes: readonly Close[], currency: string): Sample[] {
  return closes.flatMap(({ one, units }) =>
    units
      .filter(({ unit }) => unit === currency)
      .map(({ adjustments, postings }) => ({ ...one, ...toCloseParts([exact(adjustments)], [exact(postings)]) })),
  );
}

function exact(text: string): Rational {
  return parseRational(text) ?? ZERO;
}

function toWaits(locks: readonly LockRow[]): Cases {
  const counted = locks.map((lock): Sample => {
    const one = toCase(lock);
    return { ...one, part: Math.max(0, Date.parse(lock.at) - one.at), whole: 1 };
  });
  return { counted, excluded: [], open: [] };
}
