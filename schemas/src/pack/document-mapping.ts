import { z } from "zod";
import { ERROR_CLASSES, eventType, objectType, OUTCOMES } from "../event.ts";
import { parseDocumentPath, parsePathStep } from "./document-path.ts";
import { parseDocumentTemplate } from "./document-template.ts";

/** The formats whose documents become events. */
export const DOCUMENT_FORMATS = [
  "x12",
  "hl7v2",
  "csv",
  "fixed-width",
  "json",
  "epcis",
  "ubl",
  "cxml",
  "idoc",
  "fhir",
] as const;

export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/** What redaction does with an allowed value: leave it, replace it by a keyed token, or coarsen it as a date. */
export const REDACTION_ACTIONS = ["keep", "token", "date"] as const;

const one = z
  .string()
  .min(1)
  .max(1024)
  .superRefine((value, context) => {
    const parsed = parseDocumentTemplate(value);
    if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.message });
  });

/** A template, or several of which the first that can be filled counts. */
const template = z.union([one, one.array().min(1).max(20)]);

const path = z
  .string()
  .min(1)
  .max(256)
  .superRefine((value, context) => {
    const parsed = parseDocumentPath(value);
    if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.message });
  });

const step = z
  .string()
  .min(1)
  .max(256)
  .refine((value) => parsePathStep(value) !== undefined, "must be a single step such as PO1 or HL[3=I]");

const name = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "must be a lower-case name such as x12-850");

/** Conditions, all of which must hold: a path and the texts that it may have. `*` stands for any text, `?` for one sign. */
const where = z.record(path, z.string().array().min(1));

const objectRule = z
  .strictObject({
    type: objectType,
    id: template,
    role: z.string().min(1).max(64).optional(),
    crosswalk: name.optional().meta({ description: "The table that translates the id." }),
    required: z
      .boolean()
      .default(false)
      .meta({ description: "Without it the event has the outcome failed and the class mapping." }),
    each: step.optional().meta({ description: "One object for each of these inside of the record." }),
  })
  .meta({ description: "An object of the event; left out when the document lacks a value of its id." });

const measureRule = z.union([
  z.strictObject({ value: template, unit: template, crosswalk: name.optional() }),
  z.strictObject({ value: template, currency: template }),
]);

const attributes = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/, "must be a name without spaces"),
  z.union([template, z.number(), z.boolean()]),
);

const eventRule = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,31}$/)
      .optional()
      .meta({ description: "Ends the event's id, so that two rules may speak of the same record." }),
    each: step.optional().meta({ description: "One event for each of these; one for the document unless given." }),
    line: template
      .optional()
      .meta({ description: "The record's native number, for its id; else its position counts." }),
    where: where.optional(),
    type: eventType,
    time: template.array().max(10).optional(),
    objects: objectRule.array().max(60).default([]),
    measures: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,63}$/), measureRule).default({}),
    attributes: attributes.default({}),
    outcome: z.enum(OUTCOMES).optional(),
    error: z
      .strictObject({ class: z.enum(ERROR_CLASSES), code: template.optional(), message: template.optional() })
      .optional(),
    reverses: z.strictObject({ object: objectRule, milestone: z.string().min(1).max(64) }).optional(),
    stop: z
      .boolean()
      .default(true)
      .meta({ description: "Of one record only the first rule with the same `each` that fits counts, unless false." }),
  })
  .meta({ description: "What a record of the document says." });

const columnName = z.string().min(1).max(128);
const skipLines = z
  .int()
  .min(0)
  .max(1000)
  .default(0)
  .meta({ description: "Lines before the header or the first row." });

const csvLayout = z
  .strictObject({
    delimiter: z.string().length(1).optional(),
    columns: columnName.array().min(1).max(1000).optional(),
    skipLines,
  })
  .meta({ description: "CSV: the first row names the columns unless they are given here." });

const fixedWidthLayout = z
  .strictObject({
    fields: z
      .strictObject({ name: columnName, start: z.int().min(1).max(100_000), length: z.int().min(1).max(10_000) })
      .array()
      .min(1)
      .max(1000),
    skipLines,
  })
  .meta({ description: "Fixed width: where each column begins, counted from 1, and its length." });

const jsonLayout = z
  .strictObject({ records: z.string().min(1).max(4096) })
  .meta({ description: "JSON: a JSONata expression that gives the records; without it each member of a list is one." });

export const documentMapping = z
  .strictObject({
    name,
    title: z.string().min(1).max(120),
    description: z.string().max(2000).optional(),
    format: z.enum(DOCUMENT_FORMATS),
    documents: z
      .string()
      .min(1)
      .array()
      .min(1)
      .meta({ description: "Kinds of documents, such as 850, RDE^O11 or OrderRequest; `*` stands for any text." }),
    where: where.optional(),
    csv: csvLayout.optional(),
    fixedWidth: fixedWidthLayout.optional(),
    json: jsonLayout.optional(),
    source: template,
    dataschema: template.optional().meta({
      description: "A URI whose last part is the version that the document follows, for the interface catalogue.",
    }),
    site: template.optional(),
    time: z.strictObject({
      zone: z
        .string()
        .refine(isTimeZone, "must be an IANA time zone such as America/Chicago")
        .default("UTC")
        .meta({ description: "For times without an offset, unless the interface has a zone of its own." }),
      from: template.array().min(1).max(10),
    }),
    keep: z
      .strictObject({ path, as: z.enum(REDACTION_ACTIONS).default("keep") })
      .array()
      .max(500)
      .default([])
      .meta({ description: "What may leave beyond the allow-list of the format, such as local segments." }),
    objects: objectRule.array().max(60).default([]).meta({ description: "Objects of every event." }),
    attributes: attributes.default({}).meta({ description: "Attributes of every event." }),
    events: eventRule.array().min(1).max(100),
  })
  .meta({ id: "DocumentMapping", description: "How native documents become events." });

export type DocumentMapping = z.infer<typeof documentMapping>;
export type DocumentEventRule = z.infer<typeof eventRule>;
export type DocumentObjectRule = z.infer<typeof objectRule>;
export type DocumentMeasureRule = z.infer<typeof measureRule>;
export type RedactionAction = (typeof REDACTION_ACTIONS)[number];

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
