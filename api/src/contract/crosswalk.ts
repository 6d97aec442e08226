import { z } from "@hono/zod-openapi";
import { code, CROSSWALK_KINDS, crosswalkDay, crosswalkName, codeSystem } from "@throughline/schemas/crosswalk-entry";
import { instant, text } from "@throughline/schemas/text";
import { person } from "./excuse.ts";
import { listOf, page, pageQuery } from "./page.ts";

/** Only `approved` ones translate anything. */
export const TRANSLATION_STATES = ["proposed", "approved", "rejected", "withdrawn", "replaced"] as const;

export const translation = z
  .object({
    id: z.string(),
    revision: z.int().min(1),
    state: z.enum(TRANSLATION_STATES),
    crosswalk: z.string(),
    kind: z.enum(CROSSWALK_KINDS),
    fromSystem: z.string().meta({ description: "Empty: any." }),
    from: z.string(),
    toSystem: z.string().meta({ description: "Empty: any." }),
    to: z.string(),
    reversible: z.boolean().meta({ description: "It is read in both directions." }),
    interface: z.string().meta({ description: "Empty: any." }),
    site: z.string().meta({ description: "Empty: any." }),
    domain: z.string().meta({ description: "Whose it is to see; it translates for all." }),
    effectiveFrom: z.string().nullable(),
    effectiveTo: z.string().nullable(),
    reason: z.string(),
    importId: z.string().meta({ description: "The import that it came with; empty: it was proposed by itself." }),
    replaces: z.string().meta({ description: "The translation whose place it takes when it is approved." }),
    proposedAt: instant,
    proposedBy: person,
    decidedAt: instant.nullable(),
    decidedBy: person.nullable().meta({ description: "Who approved or rejected it; never who proposed it." }),
    changedAt: instant,
    changedBy: person,
    note: z.string().meta({ description: "What was said with the last change." }),
    href: z.string(),
  })
  .meta({
    id: "Translation",
    description: "What a code of others is called here, from when to when, and who said so.",
  });

const translationReplacement = z
  .object({
    replaced: z.string().meta({ description: "What the value was called before." }),
    replacement: z.string().meta({ description: "What it is called now; empty: it is not known any more." }),
    interface: z.string(),
    site: z.string(),
    documents: z.int().meta({ description: "How many were mapped again." }),
    lost: z.int().meta({ description: "How many were not kept any more, and stay as they were told." }),
    oldest: instant.meta({ description: "When the first of them was taken." }),
    newest: instant,
    toldAt: instant,
  })
  .meta({ id: "TranslationReplacement", description: "What became at an edge of documents that used the value." });

export const translationDetail = translation
  .extend({
    revisions: z.array(translation).meta({ description: "Oldest first." }),
    replacements: z
      .array(translationReplacement)
      .meta({ description: "What became of documents whenever the value was called otherwise than before." }),
  })
  .meta({ id: "TranslationDetail", description: "A translation with all that was ever said of it." });

const place = {
  site: text(128, 1).optional().meta({ description: "None: for all of them." }),
  domain: text(64, 1).optional().meta({ description: "Whose it is to see; none: of all." }),
  interface: text(63, 1).optional().meta({ description: "None: for all of them." }),
};

export const newTranslation = z
  .strictObject({
    crosswalk: crosswalkName,
    kind: z.enum(CROSSWALK_KINDS),
    fromSystem: codeSystem.optional(),
    from: code,
    toSystem: codeSystem.optional(),
    to: code,
    reversible: z.boolean().default(false),
    ...place,
    effectiveFrom: crosswalkDay.optional().meta({ description: "Its first day; none: it always held." }),
    effectiveTo: crosswalkDay.optional().meta({ description: "Its last day; none: it holds on." }),
    reason: text(1000, 3),
    replaces: text(64, 1).optional().meta({ description: "An approved translation that it takes the place of." }),
  })
  .meta({ id: "NewTranslation", description: "A proposal; it translates nothing until another person approves it." });

const named = z.strictObject({ id: text(64, 1), revision: z.int().min(1) });

export const translationDecision = z
  .strictObject({
    verb: z.enum(["approve", "reject", "withdraw"]),
    translations: z
      .array(named)
      .min(1)
      .max(1000)
      .optional()
      .meta({ description: "Which ones, as they were seen; or `importId`." }),
    importId: text(64, 1).optional().meta({ description: "All of an import that are proposed." }),
    note: text(1000).default(""),
  })
  .meta({
    id: "TranslationDecision",
    description: "A decision about one or many; it is taken for all of them or none.",
  });

export const decidedTranslations = z
  .object({ changed: z.int(), items: z.array(translation).meta({ description: "Up to 1,000 of them." }) })
  .meta({ id: "DecidedTranslations" });

export const translationImport = z
  .object({ importId: z.string(), proposed: z.int(), leftOut: z.int().meta({ description: "Rows." }) })
  .meta({
    id: "TranslationImport",
    description: "What an import proposed.",
  });

const importReason = text(1000, 3).meta({ description: "Why, for rows that say nothing themselves." });

export const importQuery = z.strictObject({
  reason: importReason,
  dryRun: z.enum(["true", "false"]).default("false").meta({ description: "Only says what is wrong." }),
  refused: z.enum(["refuse_all", "leave_out"]).default("refuse_all").meta({
    description: "What becomes of a file with rows that cannot be proposed: nothing of it is, or the others.",
  }),
});
export const previewQuery = z.strictObject({ reason: importReason });

const previewRow = z
  .object({
    line: z.int().min(2),
    cells: z.record(z.string(), z.string()).meta({ description: "By column, as they are written." }),
    issues: z.array(z.object({ column: z.string(), message: z.string() })).meta({ description: "Empty: none." }),
  })
  .meta({ id: "ImportRow" });

export const importPreview = z
  .object({
    rows: z.int().min(1),
    refused: z.int().min(0),
    items: z.array(previewRow).meta({ description: "Up to 1,000 of them, refused ones first, then by line." }),
  })
  .meta({ id: "ImportPreview", description: "What an import would propose and what not, without any change." });

export const translationPath = z.object({ id: text(64, 1) });

export const translationsQuery = z.strictObject({
  state: listOf(z.enum(TRANSLATION_STATES)),
  crosswalk: listOf(text(64)),
  kind: listOf(z.enum(CROSSWALK_KINDS)),
  site: listOf(text(128)).meta({ description: "Those of any site too." }),
  importId: listOf(text(64)),
  from: text(256, 1).optional().meta({ description: "Exactly this value." }),
  on: crosswalkDay.optional().meta({ description: "Those whose days include it." }),
  q: text(200, 1).optional().meta({ description: "Text in a value, the reason or a name, in any case." }),
  ...pageQuery,
});

export const translationPage = page(translation, "Translations, last changed first.").meta({ id: "TranslationPage" });

export type Translation = z.infer<typeof translation>;
export type TranslationReplacement = z.infer<typeof translationReplacement>;
export type TranslationDetail = z.infer<typeof translationDetail>;
export type TranslationPage = z.infer<typeof translationPage>;
export type TranslationsQuery = z.infer<typeof translationsQuery>;
export type NewTranslation = z.infer<typeof newTranslation>;
export type TranslationDecision = z.infer<typeof translationDecision>;
export type DecidedTranslations = z.infer<typeof decidedTranslations>;
export type TranslationImport = z.infer<typeof translationImport>;
export type ImportQuery = z.infer<typeof importQuery>;
export type ImportPreview = z.infer<typeof importPreview>;
export type PreviewQuery = z.infer<typeof previewQuery>;
