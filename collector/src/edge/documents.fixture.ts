import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { type DocumentPack, parseDocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { Finding } from "./formats/document.ts";
import { type ParseOptions, parseDocuments } from "./formats/parse-documents.ts";
import { createDocumentMapper, type DocumentMapper, type MappedDocument } from "./map/document-mapper.ts";
import { createTokenKey } from "./redact/token.ts";
import type { RedactionPolicy } from "./redact/redact-document.ts";

const ROOT = join(import.meta.dirname, "../../..");

/** Documents written by others, where they are: `THROUGHLINE_CORPUS` names another place. */
export function findCorpus(corpus: string | undefined): string {
  return corpus ?? join(ROOT, "../shared/data");
}

/** Files below a folder of the corpus with one of the endings; none where the folder is absent. */
export function listFiles(folder: string, endings: readonly string[]): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => endings.includes(extname(name)))
    .toSorted();
}

export const TEST_POLICY: RedactionPolicy = {
  key: createTokenKey("k1", Buffer.from("a key of thirty-two bytes, tests")),
};

/** A mapper with the mappings that are shipped. */
export function createShippedMapper(policy: RedactionPolicy = TEST_POLICY): DocumentMapper {
  const folder = join(ROOT, "config/documents");
  return createDocumentMapper(readPack(readdirSync(folder).map((name) => join(folder, name))), policy);
}

/** What reads a sample: the mapping that lies beside it, else those that are shipped. */
export function createSampleReader(path: string, policy: RedactionPolicy = TEST_POLICY): SampleReader {
  const own = `${path}.mapping.yaml`;
  if (!existsSync(own)) return { mapper: createShippedMapper(policy), layout: {} };
  const pack = readPack([own]);
  return { mapper: createDocumentMapper(pack, policy), layout: pack.mappings[0] ?? {} };
}

export interface SampleReader {
  mapper: DocumentMapper;
  layout: NonNullable<ParseOptions["layout"]>;
}

function readPack(paths: readonly string[]): DocumentPack {
  const result = parseDocumentPack(
    paths.map((path) => ({ path: `documents/${basename(path)}`, text: readFileSync(path, "utf8") })),
  );
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.pack;
}

/** Files of a folder of samples that are read: neither mappings nor what they should become. */
export function listSamples(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => !name.endsWith(".golden.json") && !name.endsWith(".mapping.yaml"));
}

export interface ReadDocument extends Omit<MappedDocument, "redaction" | "unknown"> {
  kind: string;
  byteOffset: number;
  redaction?: MappedDocument["redaction"];
}

/** What a file becomes, whole. */
export async function readDocuments(
  format: DocumentFormat,
  bytes: Uint8Array,
  { mapper, layout }: { mapper: DocumentMapper; layout?: SampleReader["layout"] },
): Promise<{ documents: ReadDocument[]; findings: Finding[] }> {
  const digest = createHash("sha256").update(bytes).digest("hex");
  const documents: ReadDocument[] = [];
  const findings: Finding[] = [];
  for await (const item of parseDocuments(format, [bytes], layout && { layout })) {
    findings.push(...item.findings);
    if (item.document === undefined) continue;
    const { byteOffset, ordinal } = item.position;
    // No table that is shipped makes a value unknown.
    const { unknown: _unknown, ...mapped } = mapper.map(item.document, { digest, ordinal });
    documents.push({ kind: item.document.kind, byteOffset, ...mapped });
  }
  return { documents, findings };
}
