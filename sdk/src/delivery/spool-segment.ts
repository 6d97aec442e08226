import { crc32 } from "node:zlib";
import type { Criticality } from "../event.ts";
import type { EncodedEvent } from "../exporters/exporter.ts";

/** One file of the spool, its events all of one criticality. */
export interface Segment {
  path: string;
  order: number;
  criticality: Criticality;
  events: number;
  sizeBytes: number;
}

const LETTERS: Readonly<Record<Criticality, string>> = { critical: "a", high: "b", standard: "c" };
const NAME = /^(\d{12})-([abc])\.ndjson$/;
const ORDER_DIGITS = 12;
const CHECKSUM_LENGTH = 8;

export function toSegmentName(order: number, criticality: Criticality): string {
  return `${String(order).padStart(ORDER_DIGITS, "0")}-${LETTERS[criticality]}.ndjson`;
}

/** What a file's name says; undefined when it is none of the spool's. */
export function parseSegmentName(name: string): { order: number; criticality: Criticality } | undefined {
  const [, order, letter] = NAME.exec(name) ?? [];
  if (order === undefined) return undefined;
  return { order: Number(order), criticality: letter === "a" ? "critical" : letter === "b" ? "high" : "standard" };
}

/** Events as lines, each with the CRC-32 of its JSON in front of it. */
export function toLines(events: readonly EncodedEvent[]): Buffer {
  return Buffer.from(events.map(({ json }) => `${toChecksum(json)} ${json}\n`).join(""));
}

/** Reads lines back. What does not fit its checksum, such as a line that was half written when the power failed, is counted. */
export function parseLines(bytes: Buffer, criticality: Criticality): { events: EncodedEvent[]; damaged: number } {
  const events: EncodedEvent[] = [];
  let damaged = 0;
  for (const line of bytes.toString().split("\n")) {
    if (line === "") continue;
    const event = parseLine(line, criticality);
    if (event === undefined) damaged++;
    else events.push(event);
  }
  return { events, damaged };
}

function parseLine(line: string, criticality: Criticality): EncodedEvent | undefined {
  const json = line.slice(CHECKSUM_LENGTH + 1);
  if (line.slice(0, CHECKSUM_LENGTH) !== toChecksum(json)) return undefined;
  const event: { id: string; type: string; time: string } = JSON.parse(json);
  const givenAt = Date.parse(event.time);
  return { id: event.id, type: event.type, criticality, json, sizeBytes: Buffer.byteLength(json), givenAt };
}

function toChecksum(json: string): string {
  return crc32(json).toString(16).padStart(CHECKSUM_LENGTH, "0");
}
