import { createHash } from "node:crypto";
import type { Event } from "@throughline/schemas/event";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import type { SealedDocument } from "./seal-document.ts";
import { SEALED_FORMAT } from "./sealed-format.ts";

/** A part of a native document that was sealed for a recipient. */
export const SEALED_TYPE = "throughline.document.sealed";

const LINE_LENGTH = 8192;
const MAX_DEPTH = 32;

/** The events that carry a sealed document, one for each of its parts. Each sealing has ids of its own. */
export function toSealedEvents(
  { encapsulated, parts, recipient }: SealedDocument,
  { pointer, interfaceId, source, at }: { pointer: string; interfaceId: string; source: string; at: number },
): Event[] {
  const sealing = createHash("sha256").update(encapsulated).digest("hex").slice(0, 24);
  return parts.map((bytes, part) => ({
    specversion: "1.0",
    id: `sealed-${sealing}/${part}`,
    source,
    type: SEALED_TYPE,
    time: new Date(at).toISOString(),
    data: {
      objects: [
        { type: "message", id: pointer },
        { type: "interface", id: interfaceId },
      ],
      attributes: {
        sealed_format: SEALED_FORMAT,
        recipient,
        encapsulated: encapsulated.toString("base64"),
        part,
        parts: parts.length,
        sealed: bytes.toString("base64").match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ?? [],
      },
    },
  }));
}

const sealedPart = z.object({
  objects: z.array(z.object({ type: z.string(), id: z.string() })),
  attributes: z.object({
    sealed_format: z.literal(SEALED_FORMAT),
    recipient: z.string(),
    encapsulated: z.base64(),
    part: z.int().min(0),
    parts: z.int().min(1).max(1024),
    sealed: z.array(z.string()),
  }),
});

/** A sealed document that was put together of events again. */
export interface FoundSealed extends SealedDocument {
  pointer: string;
}

/**
 * The sealed documents among values of any shape: events, an answer of the API with events inside. Of several sealings of one document the
 * first whole one counts. Throws `invalid_request` when parts of a document are missing.
 */
export function findSealed(values: readonly unknown[]): FoundSealed[] {
  const sealings = new Map<string, { pointer: string; recipient: string; count: number; parts: Map<number, Buffer> }>();
  for (const { objects, attributes } of values.flatMap((value) => listParts(value, 0))) {
    const pointer = objects.find(({ type }) => type === "message")?.id;
    if (pointer === undefined) continue;
    const key = attributes.encapsulated;
    const { recipient, parts: count } = attributes;
    const sealing = sealings.get(key) ?? { pointer, recipient, count, parts: new Map<number, Buffer>() };
    sealing.parts.set(attributes.part, Buffer.from(attributes.sealed.join(""), "base64"));
    sealings.set(key, sealing);
  }
  const found = new Map<string, FoundSealed>();
  for (const [key, { pointer, recipient, count, parts }] of sealings) {
    if (found.has(pointer) || parts.size !== count) continue;
    const ordered = [...parts].toSorted(([a], [b]) => a - b).map(([, bytes]) => bytes);
    found.set(pointer, { pointer, recipient, encapsulated: Buffer.from(key, "base64"), parts: ordered });
  }
  const missing = [...sealings.values()].find(({ pointer }) => !found.has(pointer));
  if (missing !== undefined)
    throw new AppError(
      "invalid_request",
      `${missing.pointer} is not whole: it has ${missing.parts.size} of ${missing.count} parts.`,
    );
  return [...found.values()];
}

function listParts(value: unknown, depth: number): z.infer<typeof sealedPart>[] {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return [];
  const parsed = sealedPart.safeParse(value);
  return parsed.success ? [parsed.data] : Object.values(value).flatMap((each) => listParts(each, depth + 1));
}
