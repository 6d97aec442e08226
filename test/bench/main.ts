import { type Bench, type Figure, runBench } from "./harness.ts";

const BENCHES: Record<string, () => Promise<{ run: Bench }>> = {
  backfill: () => import("./backfill.ts"),
  edge: () => import("./edge.ts"),
  formats: () => import("./formats.ts"),
  freshness: () => import("./freshness.ts"),
  history: () => import("./history.ts"),
  ingest: () => import("./ingest.ts"),
  matches: () => import("./matches.ts"),
  projections: () => import("./projections.ts"),
  queries: () => import("./queries.ts"),
  reconciler: () => import("./reconciler.ts"),
  sdk: () => import("./sdk.ts"),
  spans: () => import("./spans.ts"),
  statement: () => import("./statement.ts"),
  storage: () => import("./storage.ts"),
  sweep: () => import("./sweep.ts"),
};

/**
 * `npm run bench -- NAME [--json] [--seconds 60] …` runs a benchmark and compares it with its budget. It fails when a
 * figure misses what it must reach. `--json` prints one line a figure, and what is happening on standard error.
 */
const { names, options } = readArguments(process.argv.slice(2));
const write = (text: string) => void process.stdout.write(`${text}\n`);
const say = (text: string) => void process.stderr.write(`${text}\n`);

if (names.length === 0 || names.some((name) => !Object.hasOwn(BENCHES, name))) {
  say(`Benchmarks: ${Object.keys(BENCHES).join(", ")}. Run one with npm run bench -- NAME [--json] [--seconds 60].`);
  process.exitCode = names.length === 0 ? 0 : 1;
} else {
  for (const name of names) await measure(name);
}

async function measure(name: string) {
  const load = BENCHES[name];
  if (!load) return;
  const figures = await runBench((await load()).run, options, say);
  for (const figure of figures)
    write(options.has("json") ? JSON.stringify({ bench: name, ...figure }) : toLine(figure));
  if (figures.some((figure) => hasReached(figure, figure.must) === false)) process.exitCode = 1;
}

function readArguments(given: readonly string[]) {
  const found: string[] = [];
  const read = new Map<string, string>();
  given.forEach((item, index) => {
    if (item.startsWith("--"))
      read.set(item.slice(2), given[index + 1]?.startsWith("--") === false ? (given[index + 1] ?? "") : "true");
    else if (!given[index - 1]?.startsWith("--") || given[index - 1] === "--json") found.push(item);
  });
  return { names: found, options: read };
}

function toLine(figure: Figure): string {
  const { name, value, unit, must, aim, higherIsBetter } = figure;
  const sign = higherIsBetter ? "≥" : "≤";
  const asked = [
    must === undefined ? "" : `must ${sign} ${format(must)}`,
    aim === undefined ? "" : `aim ${sign} ${format(aim)}`,
  ].filter((text) => text !== "");
  const verdict = must === undefined ? "" : hasReached(figure, must) ? "  ok" : "  MISSED";
  return `${name.padEnd(52)} ${format(value).padStart(12)} ${unit.padEnd(10)} ${asked.join(", ")}${verdict}`;
}

function hasReached({ value, higherIsBetter }: Figure, bound: number | undefined): boolean | undefined {
  if (bound === undefined) return undefined;
  return higherIsBetter ? value >= bound : value <= bound;
}

function format(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 });
}
