import { z } from "zod";
import { eventData } from "@throughline/schemas/event";

/** What a crosswalk said of a value, for events of a type on a day. */
export const usedTranslation = z.object({
  table: z.string(),
  value: z.string(),
  to: z.string(),
  type: z.string(),
  day: z.string(),
  site: z.string().exactOptional(),
});

/** A translation that another one took the place of; an empty `to` where the value is not translated any more. */
export const replacement = z.object({
  table: z.string(),
  value: z.string(),
  from: z.string(),
  to: z.string(),
  domain: z.string(),
  site: z.string(),
});

/** That a document was told with the help of crosswalks: what they said, and under which revision it was told. */
export const useRecord = z.object({
  /** When it was taken. */
  at: z.string(),
  interface: z.string(),
  identity: z.string(),
  ordinal: z.int().min(0),
  traceparent: z.string().optional(),
  /** What its events say of where it is kept. */
  raw: eventData.shape.attributes,
  revision: z.int().min(0),
  uses: z.array(usedTranslation),
  /** The replacements for which it was mapped again, or could not be. */
  because: z.array(replacement).default([]),
  /** It was not kept any more when it should have been mapped again. */
  isLost: z.boolean().default(false),
});

export type Replacement = z.infer<typeof replacement>;
export type UseRecord = z.infer<typeof useRecord>;

/** What crosswalks say of a value on a day; undefined where they say nothing. */
export type Translate = (use: UseRecord["uses"][number]) => string | undefined;

/** The uses that crosswalks have otherwise by now. */
export function findReplacements(uses: UseRecord["uses"], translate: Translate): Replacement[] {
  const found = new Map<string, Replacement>();
  for (const use of uses) {
    const to = translate(use) ?? "";
    if (to === use.to) continue;
    const { table, value, to: from, type, site = "" } = use;
    const domain = type.slice(0, type.indexOf("."));
    const each = { table, value, from, to, domain, site };
    found.set(JSON.stringify(each), each);
  }
  return [...found.values()];
}

interface Told {
  digest: string;
  ordinal: number;
  traceparent?: string | undefined;
}

/** The record of a document that was told. */
export function toUseRecord(
  { context, raw }: { context: Told; raw?: UseRecord["raw"] },
  of: Pick<UseRecord, "interface" | "revision" | "uses" | "at"> & Partial<Pick<UseRecord, "because">>,
): UseRecord {
  const { digest: identity, ordinal, traceparent } = context;
  return {
    because: [],
    ...of,
    identity,
    ordinal,
    ...(traceparent !== undefined && { traceparent }),
    raw,
    isLost: false,
  };
}
