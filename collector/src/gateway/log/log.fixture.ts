import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EventRow, appendEventRow } from "@throughline/schemas/rows/events";
import { readFrame } from "./frame.ts";
import type { EventLog } from "./event-log.ts";
import { decodeSegmentHeader, listSegments, toSegmentPath } from "./segment.ts";

/** Folders that are removed when the test file is over. */
export function createFolders() {
  const made: string[] = [];
  return {
    make: () => {
      const path = mkdtempSync(join(tmpdir(), "throughline-log-"));
      made.push(path);
      return path;
    },
    removeAll: () => {
      for (const path of made) rmSync(path, { recursive: true, force: true });
    },
  };
}

/** A row that is known again by its id. */
export function toRow(id: string): EventRow {
  return {
    arrivedAtMs: 1_772_355_600_000,
    source: "urn:erp",
    id,
    revision: 0,
    digest: "00".repeat(16),
    type: "erp.goods_receipt.posted",
    domain: "erp",
    timeMs: 1_772_355_600_000,
    impreciseMs: 0,
    site: "north",
    subject: "",
    objects: [{ type: "item", id }],
    outcome: "ok",
    error: "",
    attempt: 0,
    reason: "",
    reverses: "",
    measures: {},
    attributes: "",
    traceId: "",
    spanId: "",
    sequence: -1,
    payload: "",
    extensions: "",
  };
}

/** Appends rows and waits until they are on disk. */
export async function store(log: EventLog, ids: readonly string[]): Promise<void> {
  for (const id of ids) appendEventRow(log.blocks.events, toRow(id));
  await log.commit();
}

/** The positions of all rows on disk, in the order in which they lie there. */
export async function readPositions(directory: string): Promise<number[]> {
  const positions: number[] = [];
  for (const segment of await listSegments(directory)) {
    const bytes = readFileSync(toSegmentPath(directory, segment));
    let at = decodeSegmentHeader(bytes)?.end ?? bytes.length;
    for (let found = readFrame(bytes, at); found; found = readFrame(bytes, at)) {
      for (let row = 0; row < found.frame.rows; row++) positions.push(found.frame.firstPosition + row);
      at = found.next;
    }
  }
  return positions;
}

export function toCount(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
