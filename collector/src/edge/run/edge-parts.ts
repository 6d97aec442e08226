import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { Logger } from "pino";
import type { ClockSkew } from "../forward/clock-skew.ts";
import type { RedactionPolicy } from "../redact/redact-document.ts";
import type { Spool } from "../spool/open-spool.ts";

/** What all interfaces of an edge share. */
export interface EdgeParts {
  /** Of the spool; interfaces remember theirs below it. */
  directory: string;
  pack: DocumentPack;
  policy: RedactionPolicy;
  spool: Spool;
  /** What waits at the edge for a person: sealed and bounded, the oldest gives way. */
  kept: Spool;
  skew: () => ClockSkew | undefined;
  logger: Logger;
  now: () => number;
}
