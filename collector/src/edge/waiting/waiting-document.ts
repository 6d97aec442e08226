import { createHash } from "node:crypto";
import { DOCUMENT_FORMATS } from "@throughline/schemas/pack/document-mapping";
import { type Event, eventData } from "@throughline/schemas/event";
import { z } from "zod";
import type { NativeDocument, NativeNode } from "../formats/document.ts";
import { replacement, usedTranslation } from "../uses/use-record.ts";

const node: z.ZodType<NativeNode> = z.object({
  name: z.string(),
  elements: z.array(z.string()).exactOptional(),
  attributes: z.record(z.string(), z.string()).exactOptional(),
  text: z.string().exactOptional(),
  get children() {
    return z.array(node);
  },
});

const nativeDocument = z.object({
  format: z.enum(DOCUMENT_FORMATS),
  kind: z.string(),
  id: z.string().exactOptional(),
  isIdPersonal: z.literal(true).exactOptional(),
  isTest: z.boolean(),
  control: z.record(z.string(), z.string()),
  separators: z
    .object({
      element: z.string(),
      repetition: z.string(),
      component: z.string(),
      subcomponent: z.string(),
      escape: z.string(),
    })
    .exactOptional(),
  root: node,
});

const unknownValue = z.object({ table: z.string(), value: z.string(), type: z.string() });

/** A document that cannot be mapped as a whole before crosswalks know more. */
export const waitingDocument = z.object({
  interface: z.string(),
  since: z.string(),
  /** Of its events. */
  site: z.string().optional(),
  document: nativeDocument,
  context: z.object({
    digest: z.string(),
    ordinal: z.number(),
    traceparent: z.string().optional(),
  }),
  /** What its events say of where it is kept. */
  raw: eventData.shape.attributes,
  unknown: z.array(unknownValue),
  /** What crosswalks said of it when it was told last. */
  used: z.array(usedTranslation).default([]),
  /** The translations whose replacement it was mapped again for. */
  because: z.array(replacement).default([]),
  /** The revision that was told last. */
  revision: z.int().min(0),
  /** What was told last of each event, by source and id. */
  told: z.record(z.string(), z.string()),
  /** Events of that revision, as texts: they may be on their way or not. */
  outbox: z.array(z.string()).optional(),
});

export type WaitingDocument = z.infer<typeof waitingDocument>;
export type UnknownOf = z.infer<typeof unknownValue>;

/** What tells documents of an interface apart, as the ids of their events do. */
export function toWaitingKey(of: { interface: string; context: { digest: string; ordinal: number } }): string {
  const { digest, ordinal } = of.context;
  return createHash("sha256").update(`${of.interface}\n${digest}\n${ordinal}`).digest("hex").slice(0, 32);
}

export function toEventKey({ source, id }: Pick<Event, "source" | "id">): string {
  return `${source} ${id}`;
}

/** What an event says, without which revision of it and why. */
export function toContentDigest({ type, time, site, data }: Event): string {
  const { revision: _revision, reason: _reason, ...said } = typeof data === "object" && data !== null ? data : {};
  return createHash("sha256").update(JSON.stringify({ type, time, site, said })).digest("hex").slice(0, 32);
}

/** A document without an id is stored without one. */
export function toStored({ id, ...rest }: NativeDocument): WaitingDocument["document"] {
  return nativeDocument.parse({ ...rest, ...(id !== undefined && { id }) });
}
