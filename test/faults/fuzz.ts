import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseDocuments } from "@throughline/collector/edge/formats/parse-documents";
import { createDocumentMapper } from "@throughline/collector/edge/map/document-mapper";
import { createTokenKey } from "@throughline/collector/edge/redact/token";
import { DOCUMENT_FORMATS, type DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { parseDocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformFloat32 } from "pure-rand/distribution/uniformFloat32";

export interface FuzzOptions {
  /** For each format. */
  minutes: number;
  seed: number;
  say: (line: string) => void;
}

interface Check {
  name: string;
  /** Empty when it held. */
  finding: string;
}

const ROOT = join(import.meta.dirname, "../..");
const GOLDEN = join(ROOT, "collector/src/edge/golden");
const MAX_CHANGES = 12;
const MAX_REPEATS = 40;
const SLOW_MS = 5000;
const MAX_GROWTH_BYTES = 400_000_000;
const SIGNS = Buffer.from("*~|^&\\<>{}[]\",:;=\r\n\0 ISAMSH/'-0");

/**
 * Damages sample documents of each format again and again and reads what comes out: nothing may throw, take longer than five
 * seconds, or make the process hold more than 400 MB beyond what it held before.
 */
export async function runFuzzCampaign({ minutes, seed, say }: FuzzOptions): Promise<Check[]> {
  const mapper = createMapper();
  const checks: Check[] = [];
  for (const format of DOCUMENT_FORMATS.filter((name) => existsSync(join(GOLDEN, name)))) {
    say(`Damaging documents of ${format} for ${minutes} min, seed ${seed}`);
    checks.push(await fuzz(format, { minutes, seed, mapper }));
  }
  return checks;
}

type Mapper = ReturnType<typeof createDocumentMapper>;

async function fuzz(
  format: DocumentFormat,
  { minutes, seed, mapper }: { minutes: number; seed: number; mapper: Mapper },
): Promise<Check> {
  const folder = join(GOLDEN, format);
  const samples = readdirSync(folder)
    .filter((name) => !name.endsWith(".golden.json"))
    .map((name) => readFileSync(join(folder, name)));
  const random = createRandom(seed);
  const before = process.memoryUsage().rss;
  const end = performance.now() + minutes * 60_000;
  let runs = 0;
  while (performance.now() < end) {
    const bytes = damage(samples[random(samples.length)] ?? Buffer.alloc(0), random);
    const finding = await tryOne(format, bytes, mapper);
    if (finding !== "") return { name: `${format}: run ${runs} of seed ${seed}`, finding };
    runs++;
  }
  const grown = process.memoryUsage().rss - before;
  const finding = grown > MAX_GROWTH_BYTES ? `holds ${Math.round(grown / 1_000_000)} MB more than before` : "";
  return { name: `${format}: ${runs} damaged documents`, finding };
}

async function tryOne(format: DocumentFormat, bytes: Buffer, mapper: Mapper): Promise<string> {
  const began = performance.now();
  try {
    for await (const { document, position } of parseDocuments(format, [bytes]))
      if (document) mapper.map(document, { digest: "0".repeat(64), ordinal: position.ordinal });
  } catch (error) {
    return `threw: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  const tookMs = performance.now() - began;
  return tookMs > SLOW_MS ? `took ${Math.round(tookMs)} ms for ${bytes.length} bytes` : "";
}

type Random = (below: number) => number;

function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return (below) => (below <= 1 ? 0 : Math.floor(uniformFloat32(generator) * below));
}

function damage(sample: Buffer, random: Random): Buffer {
  let bytes = Buffer.from(sample);
  for (let change = random(MAX_CHANGES) + 1; change > 0; change--) {
    const [first, second] = [random(bytes.length + 1), random(bytes.length + 1)];
    const [start, end] = [Math.min(first, second), Math.max(first, second)];
    const piece = bytes.subarray(start, end);
    const sign = Buffer.from([random(2) === 0 ? random(256) : (SIGNS[random(SIGNS.length)] ?? 0)]);
    const middle = [
      () => [],
      () => [piece, piece],
      () => [sign, piece],
      () => [sign, bytes.subarray(start + 1, end)],
      () => Array.from({ length: random(MAX_REPEATS) }, () => piece.subarray(0, 2000)),
      () => Array.from({ length: random(MAX_REPEATS) * 100 }, () => sign),
    ][random(6)];
    bytes = Buffer.concat([bytes.subarray(0, start), ...(middle?.() ?? []), bytes.subarray(end)]);
  }
  return bytes;
}

function createMapper(): Mapper {
  const folder = join(ROOT, "config/documents");
  const files = readdirSync(folder).map((name) => ({
    path: join(folder, name),
    text: readFileSync(join(folder, name), "utf8"),
  }));
  const result = parseDocumentPack(files);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return createDocumentMapper(result.pack, { key: createTokenKey("fuzz", Buffer.alloc(32, 1)) });
}
