import { diag } from "@opentelemetry/api";
import type { DropReason, Problem } from "./problem.ts";

const QUIET_MS = 1000;
const MAX_KINDS = 100;

export type Report = (problem: Omit<Problem, "count">, count?: number) => void;

/**
 * Tells the host of problems: each kind at once and then at most once a second, with how many there were since. A listener
 * that fails is not heard of again.
 */
export function createReport(options: {
  listener: ((problem: Problem) => void) | undefined;
  now: () => number;
}): Report {
  let listener =
    options.listener ?? ((problem: Problem) => diag.warn(`@throughline/sdk: ${problem.message}`, problem.code));
  const kinds = new Map<string, { toldAt: number; count: number }>();
  return (problem, count = 1) => {
    const kind = `${problem.code}/${problem.reason ?? ""}`;
    const now = options.now();
    const known = kinds.get(kind) ?? { toldAt: Number.NEGATIVE_INFINITY, count: 0 };
    known.count += count;
    if (kinds.size < MAX_KINDS) kinds.set(kind, known);
    if (now - known.toldAt < QUIET_MS) return;
    const told = { ...problem, count: known.count };
    known.toldAt = now;
    known.count = 0;
    try {
      listener(told);
    } catch {
      listener = () => undefined;
    }
  };
}

/** Counts dropped events by their reason. */
export function createDropCounts(): Record<DropReason, number> {
  return {
    invalid: 0,
    too_large: 0,
    redacted: 0,
    queue_full: 0,
    spool_full: 0,
    spool_damaged: 0,
    after_shutdown: 0,
    shutdown: 0,
    poison: 0,
    unconfigured: 0,
  };
}
