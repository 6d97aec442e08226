import { z } from "zod";
import { decimal, instant, text } from "./text.ts";

const WORD = "[a-z][a-z0-9_]*";

/** Limits of one event, so that no single one can hurt the rest. Lengths in Unicode characters, counts in entries. */
export const EVENT_LIMITS = { objects: 1000, measures: 64, attributes: 128, idLength: 512, sizeBytes: 262_144 };

export const eventType = z
  .string()
  .max(128)
  .regex(new RegExp(`^${WORD}(\\.${WORD}){2}$`), "must be <domain>.<object>.<verb> in lower case")
  .meta({ id: "EventType", description: "What happened, as <domain>.<object>.<verb>." });

export const objectType = z
  .string()
  .max(64)
  .regex(new RegExp(`^${WORD}$`), "must be a lower-case word such as purchase_order_line");

/** A business object that an event concerns; `id` is kept exactly as sent. */
export const objectRef = z
  .strictObject({ type: objectType, id: text(EVENT_LIMITS.idLength, 1), role: text(64, 1).optional() })
  .meta({ id: "ObjectRef", description: "A business object that an event concerns." });

export const ERROR_CLASSES = [
  "transport",
  "timeout",
  "rate_limit",
  "auth",
  "contract",
  "mapping",
  "business_rule",
  "duplicate",
  "sequencing",
  "missing",
  "late",
  "poison",
] as const;

export const eventError = z
  .strictObject({
    class: z.enum(ERROR_CLASSES),
    code: text(128).optional(),
    message: text(4096).optional(),
    retryable: z.boolean().optional(),
  })
  .meta({ id: "EventError", description: "Why a step failed." });

/** A measure is a quantity with its unit or an amount with its currency, never both. */
export const measure = z
  .union([
    z.strictObject({ value: decimal, unit: text(32, 1) }),
    z.strictObject({ value: decimal, currency: z.string().regex(/^[A-Z]{3}$/, "must be an ISO 4217 code") }),
  ])
  .meta({ id: "Measure", description: "An exact quantity with its unit, or an exact amount with its currency." });

/** What an event takes back: another event by identity, or a milestone of an object. */
export const reversal = z
  .union([
    z.strictObject({ source: text(512, 1), id: text(EVENT_LIMITS.idLength, 1) }),
    z.strictObject({ object: objectRef, milestone: text(64, 1) }),
  ])
  .meta({ id: "Reversal", description: "The event or the milestone that this event takes back." });

/** What is known of an event's time, where that is not the moment itself. */
export const PRECISIONS = ["day"] as const;

export const OUTCOMES = ["ok", "failed", "rejected", "retried"] as const;

const attributeValue = z.union([text(8192), z.number(), z.boolean(), z.null(), z.array(text(8192)).max(256)]);

export const eventData = z
  .strictObject({
    objects: z.array(objectRef).max(EVENT_LIMITS.objects).optional(),
    outcome: z.enum(OUTCOMES).optional(),
    precision: z.enum(PRECISIONS).optional().meta({
      description: "day: of `time` only the day is known, in `zone` or else at the offset with which it is written.",
    }),
    zone: z
      .string()
      .max(64)
      .regex(/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/, "must be a time zone such as America/Chicago")
      .optional()
      .meta({ description: "The IANA time zone of the day that `time` lies in." }),
    error: eventError.optional(),
    attempt: z.int().min(0).max(65_535).optional(),
    revision: z.int().min(0).max(4_294_967_295).optional(),
    reason: text(1024).optional(),
    reverses: reversal.optional(),
    measures: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "must be a lower-case word"), measure).optional(),
    attributes: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/, "must be a name without spaces"), attributeValue)
      .optional(),
  })
  .meta({ id: "EventData", description: "The business content of an event." });

/**
 * A CloudEvents 1.0 event as it crosses the wire. Optional attributes may be null, as the JSON format allows; unknown
 * attributes are extensions and are kept. Data of another media type than JSON is a string and is kept unread.
 */
export const event = z
  .looseObject({
    specversion: z.literal("1.0"),
    id: text(EVENT_LIMITS.idLength, 1),
    source: text(512, 1),
    type: eventType,
    time: instant.nullish(),
    subject: text(512, 1).nullish(),
    dataschema: text(1024, 1).nullish(),
    datacontenttype: z
      .string()
      .max(256)
      .regex(/^[A-Za-z0-9!#$&^_.+-]+\/[A-Za-z0-9!#$&^_.+*-]+( *;.*)?$/, "must be a media type")
      .nullish(),
    traceparent: z
      .string()
      .regex(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/, "must be a W3C traceparent")
      .nullish(),
    tracestate: text(512).nullish(),
    sequence: z
      .string()
      .regex(/^(0|[1-9]\d{0,17})$/, "must be a whole number as text")
      .nullish(),
    site: text(128, 1).nullish(),
    data: z.union([eventData, text(EVENT_LIMITS.sizeBytes)]).nullish(),
    data_base64: z
      .string()
      .max(EVENT_LIMITS.sizeBytes)
      .regex(/^[A-Za-z0-9+/]*={0,2}$/, "must be base64")
      .nullish(),
  })
  .meta({ id: "Event", description: "A CloudEvents 1.0 event as Throughline takes it." });

export type Event = z.infer<typeof event>;
export type EventData = z.infer<typeof eventData>;
export type ObjectRef = z.infer<typeof objectRef>;
export type Measure = z.infer<typeof measure>;
export type Reversal = z.infer<typeof reversal>;

/** The feed speaks of itself: everything with an event time before its `watermark` attribute has been sent. */
export const HEARTBEAT_TYPE = "throughline.feed.heartbeat";

/** An edge says how many documents of an interface wait for a value that a crosswalk lacks; 0 when none do any more. */
export const MAPPING_WAITING_TYPE = "throughline.mapping.waiting";

/** An edge says what became of the documents that used a translation which another one took the place of. */
export const MAPPING_REPLACED_TYPE = "throughline.mapping.replaced";

/** The last word of a batch or file: its name, how many rows it had, and up to when the source is complete with it. */
export const BATCH_TYPE = "throughline.feed.batch";
