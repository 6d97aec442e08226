import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { NativeDocument } from "../formats/document.ts";
import { type AllowList, createAllowList } from "../redact/allow-list.ts";
import { redactDocument, type RedactionPolicy } from "../redact/redact-document.ts";
import type { RedactionReport } from "../redact/redaction-report.ts";
import { type CompiledDocumentMapping, compileDocumentMapping } from "./compile-document-mapping.ts";
import { type CrosswalkSet, createCrosswalkSet } from "./crosswalk-set.ts";
import { findCarriedTrace } from "./find-carried-trace.ts";
import { type DocumentMapResult, type MapContext, mapDocument } from "./map-document.ts";

export interface MappedDocument extends DocumentMapResult {
  /** The name of the mapping that was used; undefined where none fits. */
  mapping: string | undefined;
  /** What was left out before mapping; undefined where nothing was mapped. */
  redaction: RedactionReport | undefined;
}

export interface DocumentMapper {
  map: (document: NativeDocument, context: Omit<MapContext, "crosswalks">) => MappedDocument;
}

/**
 * Redacts documents and maps what remains, by the first mapping of a pack that is for their format and kind and whose
 * conditions hold. Crosswalks are those of the pack unless others are given. Nothing that its allow-list does not name is within a mapping's reach; a trace that it carries goes along.
 */
export function createDocumentMapper(
  pack: DocumentPack,
  policy: RedactionPolicy,
  crosswalks: CrosswalkSet = createCrosswalkSet(pack.crosswalks),
): DocumentMapper {
  const mappings = pack.mappings.map((mapping): { compiled: CompiledDocumentMapping; allowed: AllowList } => ({
    compiled: compileDocumentMapping(mapping),
    allowed: createAllowList(mapping.format, mapping.keep),
  }));
  return {
    map: (document, context) => {
      const none = { events: [], unknown: [], used: [], mapping: undefined, redaction: undefined };
      if (document.isTest) return { ...none, unmapped: [{ code: "test", reason: "it is marked as test or training" }] };
      const found = mappings.find(({ compiled }) => compiled.fits(document));
      if (found === undefined)
        return { ...none, unmapped: [{ code: "no_rule", reason: "no mapping is for its kind" }] };
      const { document: redacted, report } = redactDocument(document, found.allowed, policy);
      const traceparent = findCarriedTrace(document) ?? context.traceparent;
      const mapped = mapDocument(redacted, found.compiled, { ...context, crosswalks, traceparent });
      return { ...mapped, mapping: found.compiled.mapping.name, redaction: report };
    },
  };
}
