import type { WorkingTime } from "@throughline/schemas/calendar/working-time";
import type { Pack } from "@throughline/schemas/pack/flow";
import type { Asker, StoreReader } from "../queries/ask.ts";
import type { CaseSum } from "../queries/sum-cases.ts";
import type { CheckpointContext } from "../reconciliations/checkpoints/checkpoint-context.ts";
import type { Cases, NotMeasurable, Span } from "./cases.ts";

/** Most rows that a figure is made of one by one. */
export const MAX_CASES = 300_000;

export const OUTCOMES = [
  "stockouts",
  "manual-effort",
  "invoice-exceptions",
  "exception-resolution",
  "supplier-onboarding",
  "order-cycle",
  "close-accuracy",
  "incident-resolution",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A share, a length of time, one in business days, or all lengths of time together. */
export const OUTCOME_UNITS = ["share", "ms", "working_days", "total_ms"] as const;

/** What a figure is read with: over the baseline and the period together, divided into steps. */
export interface OutcomeContext {
  reader: StoreReader;
  asker: Asker;
  pack: Pack;
  workingTimes: ReadonlyMap<string, WorkingTime>;
  span: Span;
  /** The baseline as one, then the steps of the period. */
  windows: readonly Span[];
  sites: readonly string[] | undefined;
  asOf: string | undefined;
  /** Most cases that are read one by one; of more, sums are read where the figure has them. */
  most: number;
  /** What the accuracy of a close is measured with. */
  checkpoints: CheckpointContext;
  /** Types of events that any source ever sent. */
  carried: ReadonlySet<string>;
}

/** A figure of an outcome: how it is defined, and how its cases are read. */
export interface OutcomeFigure {
  id: string;
  outcome: Outcome;
  title: string;
  /** The formula in words. */
  formula: string;
  unit: (typeof OUTCOME_UNITS)[number];
  better: "lower" | "higher";
  /** What it is read from. */
  basis: string;
  /** Of an amount: how many decimals its whole numbers hold. */
  scale?: number;
  read: (context: OutcomeContext) => Promise<Cases | NotMeasurable>;
  /** The same cases added up by the store, where `read` finds too many; undefined where these are too many too. */
  sum?: (context: OutcomeContext) => Promise<SummedCases | undefined>;
}

/** Cases as sums in the windows of `toSumWindows`, and those that are not in them one by one. */
export interface SummedCases {
  sums: readonly CaseSum[];
  listed?: Cases;
}

/** The windows of the context, and the period as a whole. */
export function toSumWindows({ windows, span }: Pick<OutcomeContext, "windows" | "span">): readonly Span[] {
  const [baseline] = windows;
  return [...windows, { from: baseline?.to ?? span.from, to: span.to }];
}

export const TOO_MANY: NotMeasurable = {
  because: `the period and the one before it hold more than ${MAX_CASES.toLocaleString("en-US")} rows; choose a shorter one`,
};

/** Why a figure cannot be said when nobody ever sent one of the events that it needs; undefined when all flow. */
export function findMissing(carried: ReadonlySet<string>, types: readonly string[]): NotMeasurable | undefined {
  const missing = types.filter((type) => !carried.has(type));
  if (missing.length === 0) return undefined;
  return { because: `no source has ever sent ${missing.join(", ")}` };
}
