import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { DOCUMENT_FORMATS, type DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { z } from "zod";

export interface FuzzOptions {
  /** For each format, of the processor's time: a machine that has other work takes longer. */
  minutes: number;
  seed: number;
  formats: readonly DocumentFormat[];
  corpus?: string | undefined;
  say: (line: string) => void;
}

interface Check {
  name: string;
  /** Empty when it held. */
  finding: string;
}

const message = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("alive"), runs: z.number() }),
  z.object({ kind: z.literal("done"), runs: z.number(), bytes: z.number(), finding: z.string() }),
]);
const LISTEN_MS = 30_000;
const MAX_SILENCE = 3;
const HEAP_MB = 384;

/** The formats that a word names; all of them unless one is named. Undefined for what is no format. */
export function listFormats(word: string | undefined): readonly DocumentFormat[] | undefined {
  if (word === undefined) return DOCUMENT_FORMATS;
  const found = DOCUMENT_FORMATS.filter((format) => word.split(",").includes(format));
  return found.length === word.split(",").length ? found : undefined;
}

/**
 * Damages documents of each format for a time, each in a thread of its own with a bounded heap; one that says nothing three times
 * that it is listened for hangs, and is ended.
 */
export async function runFuzzCampaign({ formats, say, ...options }: FuzzOptions): Promise<Check[]> {
  const checks: Check[] = [];
  for (const format of formats) {
    say(`Damaging documents of ${format} for ${options.minutes} min, seed ${options.seed}`);
    checks.push(await watch(format, options));
  }
  return checks;
}

function watch(format: DocumentFormat, options: Omit<FuzzOptions, "formats" | "say">): Promise<Check> {
  const worker = new Worker(join(import.meta.dirname, "fuzz-thread.ts"), {
    workerData: { ...options, format },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  const { promise, resolve } = Promise.withResolvers<Check>();
  let runs = 0;
  let silence = 0;
  const end = (name: string, finding: string) => {
    clearInterval(timer);
    void worker.terminate();
    resolve({ name: `${format}: ${name}`, finding });
  };
  const timer = setInterval(() => {
    silence++;
    if (silence >= MAX_SILENCE) end(`run ${runs} or after`, `hangs for ${(LISTEN_MS * MAX_SILENCE) / 1000} s`);
  }, LISTEN_MS);
  worker.on("message", (said) => {
    const read = message.parse(said);
    runs = read.runs;
    silence = 0;
    if (read.kind === "done")
      end(`${read.runs} damaged documents, ${Math.round(read.bytes / 1_000_000)} MB`, read.finding);
  });
  worker.on("error", (error) => end(`run ${runs} or after`, error instanceof Error ? error.message : "failed"));
  return promise;
}
