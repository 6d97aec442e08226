import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseDocuments } from "@throughline/collector/edge/formats/parse-documents";
import { createDocumentMapper } from "@throughline/collector/edge/map/document-mapper";
import { createTokenKey } from "@throughline/collector/edge/redact/token";
import { DOCUMENT_FORMATS, type DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { type DocumentPack, parseDocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import { ROW_MAPPINGS, writeDocuments } from "./document-samples.ts";
import { type BenchContext, type Figure, readNumber } from "./harness.ts";

const CHUNK_BYTES = 65_536;
const KEY = createTokenKey("bench", Buffer.alloc(32, 7));
const OF_ROWS = new Set<DocumentFormat>(["fixed-width", "json"]);

/** How fast documents of each format are read, redacted and mapped; of UBL and cXML, documents of the largest size. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const megabytes = readNumber(context, "megabytes", 4);
  const shipped = readShipped();
  const figures: Figure[] = [];
  for (const format of DOCUMENT_FORMATS) {
    const pack = OF_ROWS.has(format) ? readRows(format) : shipped;
    const bytes = Buffer.from(writeDocuments(format, megabytes * 1_000_000));
    context.say(`Reading ${format}`);
    await measure(format, bytes.subarray(0, CHUNK_BYTES * 4), pack);
    const { seconds, events } = await measure(format, bytes, pack);
    if (events === 0) throw new Error(`The documents of ${format} became no event.`);
    figures.push({
      name: `${format}, to events`,
      value: bytes.length / 1_000_000 / seconds,
      unit: "MB/s",
      must: 5,
      higherIsBetter: true,
    });
    figures.push({ name: `${format}, events`, value: events / seconds, unit: "/s", higherIsBetter: true });
  }
  return figures;
}

async function measure(format: DocumentFormat, bytes: Buffer, pack: DocumentPack) {
  const mapper = createDocumentMapper(pack, { key: KEY });
  const layout = pack.mappings.length === 1 ? pack.mappings[0] : undefined;
  const began = performance.now();
  let events = 0;
  for await (const { document, position } of parseDocuments(format, cut(bytes), layout && { layout }))
    if (document) events += mapper.map(document, { digest: "0".repeat(64), ordinal: position.ordinal }).events.length;
  return { seconds: (performance.now() - began) / 1000, events };
}

function* cut(bytes: Buffer): Generator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

function readShipped(): DocumentPack {
  const folder = join(import.meta.dirname, "../../config/documents");
  return toPack(
    readdirSync(folder).map((name) => ({ path: join(folder, name), text: readFileSync(join(folder, name), "utf8") })),
  );
}

function readRows(format: DocumentFormat): DocumentPack {
  return toPack([{ path: "documents/rows.yaml", text: ROW_MAPPINGS.replace("FORMAT", format) }]);
}

function toPack(files: { path: string; text: string }[]): DocumentPack {
  const result = parseDocumentPack(files);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.pack;
}
