import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One measured figure beside what the budgets ask of it. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  must?: number;
  aim?: number;
  higherIsBetter: boolean;
}

export interface BenchContext {
  /** What was given as `--name value`; `true` where no value followed. */
  options: ReadonlyMap<string, string>;
  /** A folder of its own, removed at the end. */
  directory: string;
  /** Tells the person who waits. */
  say(line: string): void;
  /** Called at the end, last first. */
  defer(action: () => Promise<void> | void): void;
}

export type Bench = (context: BenchContext) => Promise<Figure[]>;

/** Runs a benchmark and clears up after it, however it ends. */
export async function runBench(
  bench: Bench,
  options: ReadonlyMap<string, string>,
  say: (line: string) => void,
): Promise<Figure[]> {
  const directory = mkdtempSync(join(options.get("directory") ?? tmpdir(), "throughline-bench-"));
  const deferred: (() => Promise<void> | void)[] = [];
  try {
    return await bench({ options, directory, say, defer: (action) => void deferred.push(action) });
  } finally {
    for (const action of deferred.toReversed()) await action();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A number given as an option. Throws when it is not one. */
export function readNumber(context: Pick<BenchContext, "options">, name: string, usual: number): number {
  const value = Number(context.options.get(name) ?? usual);
  if (!Number.isFinite(value)) throw new Error(`--${name} must be a number`);
  return value;
}

/** The nearest-rank percentile; `share` between 0 and 1. */
export function toPercentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Seconds of processor time that a process has used, its threads together. */
export function readCpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Resident memory of a process, in bytes. */
export function readMemoryBytes(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1] ?? 0) * 1024;
}
