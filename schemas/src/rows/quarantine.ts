import { appendBytes, appendInt64, appendText, appendVarint } from "../clickhouse/byte-buffer.ts";
import { appendWord, createFixedColumn, createTextColumn, createWordColumn } from "../clickhouse/column.ts";
import { type LogBlock, createLogBlock } from "./log-block.ts";

/** The code of an event that lies farther in the future than clocks may differ: the clock of its source is ahead. */
export const CLOCK_AHEAD_CODE = "clock_ahead";

/** A row of `quarantine`: what was refused, why, and who sent it. */
export interface QuarantineRow {
  arrivedAtMs: number;
  route: string;
  /** Id of the principal that sent it. */
  actor: string;
  source: string;
  site: string;
  domain: string;
  contentType: string;
  code: string;
  /** JSON of `{ path, message }[]`. */
  issues: string;
  /** The bytes as they came, at most as many as the gateway keeps. */
  bytes: Uint8Array;
  /** How many there were. */
  sizeBytes: number;
  /** SHA-256 of all of them. */
  digest: Uint8Array;
}

function createColumns() {
  return {
    arrived_at: createFixedColumn("DateTime64(3, 'UTC')"),
    route: createWordColumn(),
    actor: createWordColumn(),
    source: createTextColumn(),
    site: createWordColumn(),
    domain: createWordColumn(),
    content_type: createWordColumn(),
    code: createWordColumn(),
    issues: createTextColumn(),
    bytes: createTextColumn(),
    size_bytes: createFixedColumn("UInt64"),
    digest: createFixedColumn("FixedString(32)"),
  };
}

export type QuarantineBlock = LogBlock<ReturnType<typeof createColumns>>;

export function createQuarantineBlock(): QuarantineBlock {
  return createLogBlock("quarantine", createColumns());
}

/** Appends a row; it cannot fail half way. */
export function appendQuarantineRow(block: QuarantineBlock, row: QuarantineRow): void {
  const to = block.columns;
  appendInt64(to.arrived_at.data, row.arrivedAtMs);
  appendWord(to.route, row.route);
  appendWord(to.actor, row.actor);
  appendText(to.source.data, row.source);
  appendWord(to.site, row.site);
  appendWord(to.domain, row.domain);
  appendWord(to.content_type, row.contentType);
  appendWord(to.code, row.code);
  appendText(to.issues.data, row.issues);
  appendVarint(to.bytes.data, row.bytes.length);
  appendBytes(to.bytes.data, row.bytes);
  appendInt64(to.size_bytes.data, row.sizeBytes);
  appendBytes(to.digest.data, row.digest);
  block.rows++;
}
