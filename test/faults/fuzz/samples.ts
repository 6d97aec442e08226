import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { ParseOptions } from "@throughline/collector/edge/formats/parse-documents";
import { createDocumentMapper, type DocumentMapper } from "@throughline/collector/edge/map/document-mapper";
import { createTokenKey } from "@throughline/collector/edge/redact/token";
import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { type DocumentPack, parseDocumentPack } from "@throughline/schemas/pack/parse-document-pack";

export interface Sample {
  bytes: Buffer;
  mapper: DocumentMapper;
  layout: NonNullable<ParseOptions["layout"]>;
}

const ROOT = join(import.meta.dirname, "../../..");
const GOLDEN = join(ROOT, "collector/src/edge/golden");
/** Where documents of others of a format lie, below the folder that is named. */
const FOREIGN: Partial<Record<DocumentFormat, readonly string[]>> = {
  x12: ["x12"],
  hl7v2: ["hl7v2"],
  epcis: ["epcis/json"],
  ubl: ["ubl"],
  cxml: ["cxml"],
  fhir: ["hl7v2/expected-fhir"],
};
const MAX_BYTES = 200_000;

/** Documents of a format: the project's own, and those of others where a folder of them is given. */
export function readSamples(format: DocumentFormat, corpus: string | undefined): Sample[] {
  const shipped = createMapper(toPack(listFiles(join(ROOT, "config/documents"))));
  const own = listFiles(join(GOLDEN, format))
    .filter((path) => !path.endsWith(".golden.json") && !path.endsWith(".mapping.yaml"))
    .map((path): Sample => {
      const mapping = `${path}.mapping.yaml`;
      const bytes = readFileSync(path);
      if (!existsSync(mapping)) return { bytes, mapper: shipped, layout: {} };
      const pack = toPack([mapping]);
      return { bytes, mapper: createMapper(pack), layout: pack.mappings[0] ?? {} };
    });
  const folders = corpus === undefined ? [] : (FOREIGN[format] ?? []).map((folder) => join(corpus, folder));
  const foreign = folders
    .flatMap(listFiles)
    .map((path): Sample => ({ bytes: readFileSync(path).subarray(0, MAX_BYTES), mapper: shipped, layout: {} }));
  return [...own, ...foreign];
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function createMapper(pack: DocumentPack): DocumentMapper {
  return createDocumentMapper(pack, { key: createTokenKey("fuzz", Buffer.alloc(32, 1)) });
}

function toPack(paths: readonly string[]): DocumentPack {
  const result = parseDocumentPack(
    paths.map((path) => ({ path: `documents/${basename(path)}`, text: readFileSync(path, "utf8") })),
  );
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.pack;
}
