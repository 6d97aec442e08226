import { randomBytes } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { digestFile } from "@throughline/collector/edge/files/digest-file";
import type { Finding } from "@throughline/collector/edge/formats/document";
import { parseDocuments } from "@throughline/collector/edge/formats/parse-documents";
import { createDocumentMapper, type MappedDocument } from "@throughline/collector/edge/map/document-mapper";
import { createTokenKey } from "@throughline/collector/edge/redact/token";
import { AppError } from "@throughline/schemas/error";
import { type DocumentPack, parseDocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { Command } from "commander";
import { countOf, readPackDirectory, toPackError } from "./pack-files.ts";

/** What a sample becomes. */
export interface TestedSample {
  sample: string;
  documents: (MappedDocument & { kind: string; byteOffset: number })[];
  findings: Finding[];
}

interface TestOptions {
  crosswalks?: string | undefined;
  zone?: string | undefined;
}

/** `throughline-collector test MAPPING SAMPLE…`: shows what each document becomes. Exit code 1 when one becomes nothing. */
export function addTestMappingCommand(program: Command): void {
  program
    .command("test")
    .description("show what documents become by a mapping, without sending anything")
    .argument("<mapping>", "the file of the mapping")
    .argument("<sample...>", "files that the mapping is for")
    .option("--crosswalks <directory>", "a pack whose crosswalks are used")
    .option("--zone <zone>", "the time zone of the interface, such as America/Chicago")
    .option("--json", "print one line of JSON for each sample", false)
    .action(async (mapping: string, samples: string[], options: TestOptions & { json: boolean }) => {
      const pack = readPack(mapping, options.crosswalks);
      for (const sample of samples) {
        const tested = await testSample(pack, sample, options);
        process.stdout.write(`${options.json ? JSON.stringify(tested) : describe(tested)}\n`);
        if (tested.documents.length === 0 || tested.documents.some(isSilent)) process.exitCode = 1;
      }
    });
}

/** Reads a sample as its mapping says. Tokens are made with a key of this run only. */
export async function testSample(pack: DocumentPack, sample: string, options: TestOptions): Promise<TestedSample> {
  const [mapping] = pack.mappings;
  if (mapping === undefined) throw new AppError("invalid_configuration", "There is no mapping to test.");
  if (!statSync(sample, { throwIfNoEntry: false })?.isFile())
    throw new AppError("invalid_request", `There is no file ${sample}.`);
  const key = createTokenKey("test", randomBytes(32));
  const mapper = createDocumentMapper(pack, { key });
  const digest = await digestFile(sample);
  const tested: TestedSample = { sample, documents: [], findings: [] };
  for await (const item of parseDocuments(mapping.format, createReadStream(sample), { layout: mapping })) {
    tested.findings.push(...item.findings);
    if (item.document === undefined) continue;
    const { byteOffset, ordinal } = item.position;
    const mapped = mapper.map(item.document, { digest, ordinal, zone: options.zone });
    tested.documents.push({ kind: item.document.kind, byteOffset, ...mapped });
  }
  return tested;
}

/** The mapping of a file alone, with the crosswalks of a pack. Throws with everything that is wrong. */
export function readPack(mappingFile: string, crosswalks: string | undefined): DocumentPack {
  if (!statSync(mappingFile, { throwIfNoEntry: false })?.isFile())
    throw new AppError("invalid_request", `There is no file ${mappingFile}.`);
  const text = readFileSync(mappingFile, "utf8");
  const mapping = parseDocumentPack([{ path: `documents/${basename(mappingFile)}`, text }]);
  if (!mapping.ok) throw toPackError(mappingFile, mapping.issues);
  if (crosswalks === undefined) return mapping.pack;
  const tables = parseDocumentPack(readPackDirectory(crosswalks));
  if (!tables.ok) throw toPackError(crosswalks, tables.issues);
  return { mappings: mapping.pack.mappings, crosswalks: tables.pack.crosswalks };
}

function isSilent({ events, unmapped }: MappedDocument): boolean {
  return events.length === 0 && unmapped.every(({ code }) => code !== "test");
}

function describe({ sample, documents, findings }: TestedSample): string {
  const lines = [`${sample}: ${countOf(documents.length, "document")}`];
  for (const { code, place, reason } of findings) lines.push(`  finding ${code}: ${place} ${reason}`);
  for (const { kind, byteOffset, events, unmapped, mapping, redaction } of documents) {
    lines.push(`  ${kind} at byte ${byteOffset}, ${mapping ?? "no mapping"}: ${countOf(events.length, "event")}`);
    for (const { reason } of unmapped) lines.push(`    nothing: ${reason}`);
    const dropped = Object.values(redaction?.dropped ?? {}).reduce((sum, count) => sum + count, 0);
    if (dropped > 0) lines.push(`    left at the site: ${countOf(dropped, "value")}`);
    for (const event of events) lines.push(JSON.stringify(event, null, 2).replaceAll(/^/gm, "    "));
  }
  return lines.join("\n");
}
