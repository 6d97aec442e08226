import { basename, join } from "node:path";
import { AppError } from "@throughline/schemas/error";
import type { Pack } from "@throughline/schemas/pack/flow";
import { formatPackIssue } from "@throughline/schemas/pack/pack-issue";
import { parsePack } from "@throughline/schemas/pack/parse-pack";
import { type DocumentPack, parseDocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import { readPackDirectory } from "../../../commands/pack-files.ts";

export const SHIPPED = join(import.meta.dirname, "../../../config");
const OWN = join(import.meta.dirname, "pack");
/** Mappings that the network's systems need beside the shipped ones. */
export const EDGE_PACK = join(import.meta.dirname, "edge-pack");

/** What the native documents of the network mean. */
export function loadEdgePack(): DocumentPack {
  const result = parseDocumentPack([...readPackDirectory(SHIPPED), ...readPackDirectory(EDGE_PACK)]);
  if (result.ok) return result.pack;
  throw new AppError("invalid_configuration", result.issues.map(formatPackIssue).join("\n"));
}

/** The shipped configuration with the network's own sources and interfaces. */
export function loadNetworkPack(): Pack {
  const own = readPackDirectory(OWN);
  const names = new Set(own.map(({ path }) => basename(path)));
  const result = parsePack([...readPackDirectory(SHIPPED).filter(({ path }) => !names.has(basename(path))), ...own]);
  if (result.ok) return result.pack;
  throw new AppError("invalid_configuration", result.issues.map(formatPackIssue).join("\n"));
}
