import { type Rational, ZERO, add, compare, multiply, negate, signOf } from "@throughline/schemas/exact/rational";
import { type OrderWord, compareWords } from "./change-order.ts";
import {
  type CompletionRule,
  type Doubt,
  type Measured,
  addUp,
  createMeasure,
  toAmount,
  toShare,
} from "./measure-goods.ts";
import type { MilestoneSummary, Occurrence, TakenBack } from "./summary.ts";

/** How a leg ends by quantity. */
export interface Completion {
  end: Occurrence | undefined;
  /** The times in which enough stood, each until it did not. */
  takenBack: TakenBack[];
  doubts: readonly Doubt[];
}

/**
 * The first end from which on all that came reaches what was ordered, less the tolerance, in the unit of the order. From a
 * change that states it anew on, that is what was ordered, and where it is reached by then, the change is the end. Documents
 * convert by what they state themselves, then by the order, then by the item's factors of their day. What cannot be converted
 * counts as nothing; while the ordered quantity itself is not known, nothing is complete.
 */
export function findCompletion(from: MilestoneSummary, to: MilestoneSummary, rule: CompletionRule): Completion {
  const changes = listChanges(from);
  const measure = createMeasure([...from.steps, ...changes], rule);
  const terms = listTerms(from.steps, { changes, measure, share: toShare(rule.underTolerancePercent) });
  const arrived = to.steps.map((step) => ({ step, by: measure(step) }));
  const stood = to.reversed
    .filter(({ time, reversedAt }) => time < reversedAt)
    .map((step) => ({ step, by: measure(step) }));
  const takenBack = listTakenBack({ arrived, stood, terms });
  const { needed } = terms.at(-1) ?? UNKNOWN;
  if (typeof needed === "string") return { end: undefined, takenBack, doubts: [needed] };
  const { end, counted } = findEnd(arrived, terms);
  const doubts = [...counted, ...stood].flatMap(({ by }) => (typeof by === "string" ? by : []));
  return { end, takenBack, doubts: [...new Set(doubts)].toSorted() };
}

/** Changes from the start on; what is dated before the order says nothing of it. */
function listChanges({ first, restated = [] }: MilestoneSummary): readonly Occurrence[] {
  return first === undefined ? [] : restated.filter(({ time }) => time >= first.time);
}

/** What was ordered from a moment on. */
interface Term {
  /** In milliseconds since 1970 UTC; without a limit for the first. */
  since: number;
  change: Occurrence | undefined;
  /** What has to come, less the tolerance; why that is not known. */
  needed: Measured;
  /** True where a change says that nothing has to come any more. */
  isNothing: boolean;
}

const UNKNOWN: Pick<Term, "needed"> = { needed: "quantity-unknown" };

/** The order as it was sent, then as each change states it. What is ordered between two of them adds to the earlier. */
function listTerms(
  steps: readonly Occurrence[],
  {
    changes,
    measure,
    share,
  }: { changes: readonly Occurrence[]; measure: (at: Occurrence) => Measured; share: Rational },
): Term[] {
  return [undefined, ...changes].map((change, index) => {
    const since = change?.time ?? -Infinity;
    const until = changes[index]?.time ?? Infinity;
    const isBetween = (step: OrderWord) =>
      compareWords(step, toChange(since)) > 0 && compareWords(step, toChange(until)) < 0;
    const added = steps.filter(({ time }) => isBetween({ time, isChange: false }));
    const ordered = addUp([...(change ? [change] : []), ...added].map(measure));
    if (typeof ordered === "string") return { since, change, needed: ordered, isNothing: false };
    const isNothing = change !== undefined && signOf(ordered) === 0;
    return { since, change, needed: multiply(ordered, share), isNothing };
  });
}

function toChange(time: number): OrderWord {
  return { time, isChange: true };
}

interface Arrived<Step> {
  step: Step;
  by: Measured;
}

/** The end, and what came before it. Of what has the same time, a change counts first. */
function findEnd(
  arrived: readonly Arrived<Occurrence>[],
  terms: readonly Term[],
): { end: Occurrence | undefined; counted: readonly Arrived<Occurrence>[] } {
  let standing = { events: 0, total: ZERO };
  let end: Occurrence | undefined;
  let counted: readonly Arrived<Occurrence>[] = arrived;
  const judge = (term: Term, at: Occurrence | undefined) => {
    if (!isReached(standing, term)) end = undefined;
    else if (end === undefined) {
      end = at;
      counted = arrived.slice(0, at === term.change ? standing.events : standing.events - 1);
    }
  };
  for (const [index, term] of terms.entries()) {
    if (index > 0) judge(term, term.change);
    const until = terms[index + 1]?.since ?? Infinity;
    for (const { step, by } of arrived.slice(standing.events)) {
      if (step.time >= until) break;
      standing = { events: standing.events + 1, total: add(standing.total, toAmount(by)) };
      judge(term, step);
    }
  }
  return { end, counted: end === undefined ? arrived : counted };
}

/** Where nothing came, only a line that was changed to nothing is complete. */
function isReached(standing: { events: number; total: Rational }, { needed, isNothing }: Term): boolean {
  if (typeof needed === "string") return false;
  return (standing.events > 0 || isNothing) && compare(standing.total, needed) >= 0;
}

/** The times in which what stood reached what was ordered, each until so much was taken back, or ordered besides, that it did not. */
function listTakenBack({
  arrived,
  stood,
  terms,
}: {
  arrived: readonly Arrived<Occurrence>[];
  stood: readonly Arrived<TakenBack>[];
  terms: readonly Term[];
}): TakenBack[] {
  const isRising = stood.length === 0 && arrived.every(({ by }) => signOf(toAmount(by)) >= 0);
  if (isRising && terms.length === 1) return [];
  const added = [...arrived, ...stood].map(({ step, by }) => ({ time: step.time, events: 1, by: toAmount(by) }));
  const removed = stood.map(({ step, by }) => ({ time: step.reversedAt, events: -1, by: negate(toAmount(by)) }));
  const changed = terms.slice(1).map(({ since }) => ({ time: since, events: 0, by: ZERO }));
  const moments = Map.groupBy(
    [...added, ...removed, ...changed].toSorted((a, b) => a.time - b.time),
    ({ time }) => time,
  );
  const found: TakenBack[] = [];
  let standing = { events: 0, total: ZERO };
  let since: number | undefined;
  let place = 0;
  for (const [time, changes] of moments) {
    while ((terms[place + 1]?.since ?? Infinity) <= time) place += 1;
    standing = changes.reduce(
      ({ events, total }, change) => ({ events: events + change.events, total: add(total, change.by) }),
      standing,
    );
    const term = terms[place];
    const isComplete = term !== undefined && isReached(standing, term);
    if (!isComplete && since !== undefined) found.push({ time: since, reversedAt: time });
    since = isComplete ? (since ?? time) : undefined;
  }
  return found;
}
