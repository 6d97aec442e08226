import { z } from "zod";

/** What one frame holds: entries in the order in which they came, and the last number given to each source by then. */
export interface FrameContent {
  sequences: Readonly<Record<string, number>>;
  /** JSON texts, none with a line break. */
  entries: readonly string[];
}

const head = z.object({ sequences: z.record(z.string(), z.int().min(0)) });

export function toFrameBytes({ sequences, entries }: FrameContent): Buffer {
  return Buffer.from([JSON.stringify({ sequences }), ...entries].join("\n"));
}

export function fromFrameBytes(bytes: Buffer): FrameContent {
  const [first = "{}", ...entries] = bytes.toString("utf8").split("\n");
  return { sequences: head.parse(JSON.parse(first)).sequences, entries };
}

/** The entries of a frame alone. */
export function readFrameEntries(bytes: Buffer): string[] {
  const end = bytes.indexOf("\n");
  return end === -1 ? [] : bytes.toString("utf8", end + 1).split("\n");
}
