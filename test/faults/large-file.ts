import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocuments } from "@throughline/collector/edge/formats/parse-documents";
import { createDocumentMapper } from "@throughline/collector/edge/map/document-mapper";
import { createTokenKey } from "@throughline/collector/edge/redact/token";
import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { parseDocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import { ROW_MAPPINGS, writeDocuments } from "../bench/document-samples.ts";

export interface LargeFileOptions {
  megabytes: number;
  formats: readonly DocumentFormat[];
  say: (line: string) => void;
}

interface Check {
  name: string;
  /** Empty when it held. */
  finding: string;
}

const MAX_GROWTH_BYTES = 400_000_000;
const CHUNK_BYTES = 65_536;
const LOOK_EVERY = 5000;
const OF_ROWS = new Set<DocumentFormat>(["fixed-width", "json"]);
/** One document is the whole file: beyond its limit it is refused, and passed over. */
const OF_ONE = new Set<DocumentFormat>(["ubl", "cxml"]);
const BEGINNINGS: Partial<Record<DocumentFormat, RegExp>> = {
  idoc: /^<ORDERS05>/,
  ubl: /^<Order[^>]*><cbc:ID>.*?<\/cbc:IssueDate>/,
  cxml: /^<cXML[^>]*><Request><OrderRequest><OrderRequestHeader[^>]*>/,
};
const ENDS: Partial<Record<DocumentFormat, string>> = {
  idoc: "</ORDERS05>",
  ubl: "</Order>",
  cxml: "</OrderRequest></Request></cXML>",
};

/** Reads a file of each format that is larger than what memory should hold, made while it is read, to its end. */
export async function runLargeFiles({ megabytes, formats, say }: LargeFileOptions): Promise<Check[]> {
  const checks: Check[] = [];
  for (const format of formats) {
    say(`Reading ${megabytes} MB of ${format}`);
    checks.push(await readLarge(format, megabytes));
  }
  return checks;
}

async function readLarge(format: DocumentFormat, megabytes: number): Promise<Check> {
  const pack = readPack(format);
  const mapper = createDocumentMapper(pack, { key: createTokenKey("large", Buffer.alloc(32, 3)) });
  const layout = pack.mappings.length === 1 ? (pack.mappings[0] ?? {}) : {};
  const before = process.memoryUsage().rss;
  const told = { documents: 0, events: 0, findings: 0, refused: false, peak: before };
  for await (const item of parseDocuments(format, writeLarge(format, megabytes), { layout })) {
    told.findings += item.findings.length;
    told.refused ||= item.findings.some(({ code }) => code === "document_too_large");
    if (told.documents % LOOK_EVERY === 0) told.peak = Math.max(told.peak, process.memoryUsage().rss);
    if (item.document === undefined) continue;
    told.documents++;
    const context = { digest: "0".repeat(64), ordinal: item.position.ordinal };
    told.events += mapper.map(item.document, context).events.length;
  }
  const peak = Math.max(told.peak, process.memoryUsage().rss);
  const inMegabytes = (bytes: number) => `${Math.round(bytes / 1_000_000)} MB`;
  const name = `${format}: ${megabytes} MB, ${told.events} events, ${told.findings} findings, peak ${inMegabytes(peak)} resident, ${inMegabytes(peak - before)} above the start`;
  if (peak - before > MAX_GROWTH_BYTES) return { name, finding: "holds too much" };
  const isRead = told.events > 0 || (OF_ONE.has(format) && told.refused);
  return { name, finding: isRead ? "" : "became nothing" };
}

/** Documents one behind the other until there are enough of them; of XML, in one root. */
function* writeLarge(format: DocumentFormat, megabytes: number): Generator<Uint8Array, void, void> {
  const text = writeDocuments(format, 1_000_000);
  const beginning = BEGINNINGS[format]?.exec(text)?.[0] ?? "";
  const end = ENDS[format] ?? "";
  const repeated = Buffer.from(text.slice(beginning.length, text.length - end.length));
  if (beginning !== "") yield Buffer.from(beginning);
  for (let written = 0; written < megabytes * 1_000_000; written += repeated.length)
    for (let at = 0; at < repeated.length; at += CHUNK_BYTES) yield repeated.subarray(at, at + CHUNK_BYTES);
  if (end !== "") yield Buffer.from(end);
}

function readPack(format: DocumentFormat) {
  const folder = join(import.meta.dirname, "../../config/documents");
  const files = OF_ROWS.has(format)
    ? [{ path: "documents/rows.yaml", text: ROW_MAPPINGS.replace("FORMAT", format) }]
    : readdirSync(folder).map((name) => ({
        path: `documents/${name}`,
        text: readFileSync(join(folder, name), "utf8"),
      }));
  const result = parseDocumentPack(files);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.pack;
}
