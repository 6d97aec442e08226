import type { DocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import type { Logger } from "pino";
import type { ClockSkew } from "../forward/clock-skew.ts";
import type { RedactionPolicy } from "../redact/redact-document.ts";
import type { AgingSpool } from "../spool/open-aging-spool.ts";
import type { Waiting } from "../waiting/start-waiting.ts";
import type { TowerCrosswalks } from "../way-back/tower-crosswalks.ts";
import type { Spool } from "../spool/open-spool.ts";

/** What all interfaces of an edge share. */
export interface EdgeParts {
  /** Of the spool; interfaces remember theirs below it. */
  directory: string;
  pack: DocumentPack;
  policy: RedactionPolicy;
  /** The site's key, under which the spool is sealed. */
  secret: Uint8Array;
  spool: Spool;
  /** What waits at the edge for a person: sealed and bounded, the oldest gives way. */
  kept: AgingSpool;
  /** Documents that wait for crosswalks. */
  waiting: Waiting;
  /** What the tower says of codes; another array when that changed. */
  towerCrosswalks: () => TowerCrosswalks;
  skew: () => ClockSkew | undefined;
  logger: Logger;
  now: () => number;
}
