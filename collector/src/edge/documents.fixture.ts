import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { parseDocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { Finding } from "./formats/document.ts";
import { parseDocuments } from "./formats/parse-documents.ts";
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
  const result = parseDocumentPack(
    readdirSync(folder).map((name) => ({ path: join(folder, name), text: readFileSync(join(folder, name), "utf8") })),
  );
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return createDocumentMapper(result.pack, policy);
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
  mapper: DocumentMapper,
): Promise<{ documents: ReadDocument[]; findings: Finding[] }> {
  const digest = createHash("sha256").update(bytes).digest("hex");
  const documents: ReadDocument[] = [];
  const findings: Finding[] = [];
  for await (const item of parseDocuments(format, [bytes])) {
    findings.push(...item.findings);
    if (item.document === undefined) continue;
    const { byteOffset, ordinal } = item.position;
    // No table that is shipped makes a value unknown.
    const { unknown: _unknown, ...mapped } = mapper.map(item.document, { digest, ordinal });
    documents.push({ kind: item.document.kind, byteOffset, ...mapped });
  }
  return { documents, findings };
}
