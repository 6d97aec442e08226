import { createHash } from "node:crypto";
import { parseDocuments } from "@throughline/collector/edge/formats/parse-documents";
import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { damageBytes } from "./damage-bytes.ts";
import { damageStructure } from "./damage-structure.ts";
import { createRandom, type Random } from "./random.ts";
import { readSamples, type Sample } from "./samples.ts";

export interface FuzzInput {
  format: DocumentFormat;
  seed: number;
  /** Documents of others; only the project's own without it. */
  corpus?: string | undefined;
  /** Whether to go on after so many. */
  goesOn: (runs: number) => boolean;
}

export interface FuzzResult {
  runs: number;
  bytes: number;
  /** Empty when all was well. */
  finding: string;
}

const MAX_CHANGES = 12;
const SLOW_MS = 5000;
const MAX_GROWTH_BYTES = 400_000_000;
/** A damaged document is not made larger than this. */
const MAX_BYTES = 1_000_000;
const LOOK_EVERY = 200;

/**
 * Damages documents of a format and reads what comes out, in pieces that are cut anywhere: nothing may throw, work longer than five
 * seconds, tell something else when it is cut elsewhere, or make the process hold more than 400 MB beyond what it held before.
 */
export async function fuzzFormat({ format, seed, corpus, goesOn }: FuzzInput): Promise<FuzzResult> {
  const samples = readSamples(format, corpus);
  const random = createRandom(seed);
  const before = process.memoryUsage().rss;
  const result: FuzzResult = { runs: 0, bytes: 0, finding: "" };
  while (goesOn(result.runs)) {
    const sample = random.of(samples);
    if (sample === undefined) return { ...result, finding: "there are no samples" };
    const bytes = damage(sample.bytes, random);
    const finding = await tryOne(format, { ...sample, bytes }, random);
    if (finding !== "") return { ...result, finding: `run ${result.runs} of seed ${seed} ${finding}` };
    result.runs++;
    result.bytes += bytes.length;
    if (result.runs % LOOK_EVERY !== 0) continue;
    const grown = process.memoryUsage().rss - before;
    if (grown > MAX_GROWTH_BYTES)
      return { ...result, finding: `holds ${Math.round(grown / 1_000_000)} MB more than before` };
  }
  return result;
}

function damage(sample: Buffer, random: Random): Buffer {
  let bytes = sample;
  for (let change = random.below(MAX_CHANGES) + 1; change > 0; change--) {
    const isOfBytes = random.below(3) === 0;
    bytes = isOfBytes ? damageBytes(bytes, random) : Buffer.from(damageStructure(bytes.toString(), random));
    bytes = bytes.subarray(0, MAX_BYTES);
  }
  return bytes;
}

async function tryOne(format: DocumentFormat, sample: Sample, random: Random): Promise<string> {
  const began = readThreadTimeMs();
  try {
    const whole = await read(format, sample, [sample.bytes]);
    const cut = await read(format, sample, cutAnywhere(sample.bytes, random));
    // Where bytes are no UTF-8, the piece that they come in is read as Latin-1.
    if (whole.digest !== cut.digest && !whole.isLatin && !cut.isLatin)
      return "tells something else when it is cut elsewhere";
  } catch (error) {
    return `threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  const tookMs = readThreadTimeMs() - began;
  return tookMs > SLOW_MS ? `took ${Math.round(tookMs)} ms for ${sample.bytes.length} bytes` : "";
}

/** What this thread has worked: others that wait for the same cores do not count. */
export function readThreadTimeMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

interface Told {
  /** Of all that was told. */
  digest: string;
  isLatin: boolean;
}

async function read(format: DocumentFormat, { mapper, layout }: Sample, pieces: Iterable<Uint8Array>): Promise<Told> {
  const hash = createHash("sha256");
  let isLatin = false;
  for await (const { document, position, findings } of parseDocuments(format, pieces, { layout })) {
    const { ordinal } = position;
    isLatin ||= findings.some(({ code }) => code === "encoding");
    hash.update(JSON.stringify({ position, findings, kind: document?.kind }));
    const events = document && mapper.map(document, { digest: "0".repeat(64), ordinal }).events;
    for (const event of events ?? []) hash.update(JSON.stringify(event));
  }
  return { digest: hash.digest("hex"), isLatin };
}

function* cutAnywhere(bytes: Buffer, random: Random): Generator<Uint8Array, void, void> {
  const size = random.of([1, 7, 100, 4096, 65_536]) ?? 1;
  const least = Math.max(size, Math.floor(bytes.length / 2000));
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + random.below(least * 2);
    yield bytes.subarray(at, end);
    at = end;
  }
}
