import { z } from "zod";
import { ERROR_CLASSES, eventType, objectType, OUTCOMES } from "../event.ts";
import { parseTemplate } from "./template.ts";

/** Text with fields of the record in braces, such as `{case.concept:name}`. */
const template = z
  .string()
  .min(1)
  .max(512)
  .superRefine((value, context) => {
    const parsed = parseTemplate(value);
    if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.message });
  });

/** Conditions on a record, all of which must hold; a value may hold `*` for any text. */
const where = z.record(
  z.string().regex(/^((case|event|file)\..+)$/, "must be case.<name>, event.<name> or file.<name>"),
  z.string().array().min(1),
);

const objectRule = z
  .strictObject({ type: objectType, id: template, role: z.string().min(1).max(64).optional() })
  .meta({ description: "An object of the event; left out when the record lacks a field of its id." });

const measureRule = z.union([
  z.strictObject({ value: template, unit: template }),
  z.strictObject({ value: template, currency: template }),
]);

const attributes = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/, "must be a name without spaces"),
  z.union([template, z.number(), z.boolean()]),
);

const eventRule = z
  .strictObject({
    activity: z.union([z.string().min(1), z.string().min(1).array().min(1)]),
    where: where.optional(),
    type: eventType,
    objects: objectRule.array().default([]),
    measures: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/), measureRule).default({}),
    attributes: attributes.default({}),
    outcome: z.enum(OUTCOMES).optional(),
    error: z
      .strictObject({ class: z.enum(ERROR_CLASSES), code: template.optional(), message: template.optional() })
      .optional(),
    reverses: z
      .strictObject({ object: objectRule, milestone: z.string().min(1).max(64) })
      .optional()
      .meta({ description: "The milestone that this activity takes back." }),
  })
  .meta({ description: "What an activity of the file is called here. The first rule that fits counts." });

export const importMapping = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "must be a lower-case name such as bpi2019"),
    title: z.string().min(1).max(120),
    description: z.string().max(2000).optional(),
    source: template.optional().meta({ description: "The source of the events; /import/<name>/<file> unless given." }),
    id: template.optional().meta({ description: "The id of each event; file digest and record number unless given." }),
    site: template.optional(),
    time: z
      .strictObject({
        zone: z
          .string()
          .refine(isTimeZone, "must be an IANA time zone such as Europe/Berlin")
          .optional()
          .meta({ description: "For times without an offset; without it they are refused." }),
        format: z
          .string()
          .min(1)
          .default("iso")
          .meta({ description: "iso, epoch-seconds, epoch-milliseconds, or a pattern such as dd.MM.yyyy HH:mm:ss" }),
      })
      .default({ format: "iso" }),
    csv: z
      .strictObject({
        activity: z.string().min(1),
        time: z.string().min(1),
        case: z.string().min(1).optional(),
        delimiter: z.string().length(1).optional(),
      })
      .optional()
      .meta({ description: "The columns of a CSV file." }),
    objectTypes: z
      .record(z.string(), z.union([objectType, objectType.array().min(1)]))
      .default({})
      .meta({
        description:
          "Object types of the file and what they are here, `*` for any other; without it others keep their name in lower case.",
      }),
    objects: objectRule.array().default([]).meta({ description: "Objects of every event." }),
    attributes: attributes.default({}).meta({ description: "Attributes of every event." }),
    keepAttributes: z
      .union([z.enum(["all", "none"]), z.string().array()])
      .default("all")
      .meta({ description: "Attributes of the record that are kept as they are." }),
    events: eventRule.array().default([]),
    unmapped: z
      .strictObject({
        action: z.enum(["derive", "refuse", "skip"]).default("derive"),
        domain: z
          .string()
          .regex(/^[a-z][a-z0-9_]*$/)
          .default("imported"),
      })
      .default({ action: "derive", domain: "imported" })
      .meta({
        description: "What becomes of activities that no rule names: a type of their own, a refusal, or nothing.",
      }),
  })
  .meta({ id: "ImportMapping", description: "How the records of a file become events." });

export type ImportMapping = z.infer<typeof importMapping>;
export type ImportEventRule = z.infer<typeof eventRule>;
export type ImportObjectRule = z.infer<typeof objectRule>;

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
