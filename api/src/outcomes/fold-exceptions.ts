import type { MatchOutcome } from "@throughline/schemas/match";

/** What matching said of an invoice or line at a time; `isRemoved`: it was taken back; `isAccepted`: people let it be. */
export interface Evaluation {
  at: number;
  outcome: MatchOutcome;
  isRemoved: boolean;
  isAccepted?: boolean;
}

/** An exception of an invoice: when it was raised and, where it is over, when. */
export interface InvoiceException {
  raisedAt: number;
  resolvedAt: number | undefined;
}

const BLOCKING: ReadonlySet<MatchOutcome> = new Set(["blocked", "parked", "rejected"]);

/** True for what a person has to settle. What waits for its receipt is held, and no exception. */
export function isBlocking({ outcome, isRemoved, isAccepted }: Omit<Evaluation, "at">): boolean {
  return !isRemoved && isAccepted !== true && BLOCKING.has(outcome);
}

/** The exceptions of an invoice in the order of its evaluations: each from the first that blocks to the first that does not. */
export function foldExceptions(evaluations: readonly Evaluation[]): InvoiceException[] {
  const found: InvoiceException[] = [];
  for (const evaluation of evaluations) {
    const last = found.at(-1);
    const isOpen = last !== undefined && last.resolvedAt === undefined;
    if (isBlocking(evaluation) && !isOpen) found.push({ raisedAt: evaluation.at, resolvedAt: undefined });
    if (!isBlocking(evaluation) && isOpen) last.resolvedAt = evaluation.at;
  }
  return found;
}
