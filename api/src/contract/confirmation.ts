import { z } from "@hono/zod-openapi";
import { decimal, instant, text } from "@throughline/schemas/text";
import { SIDES } from "../projections/reconciliations/entry.ts";
import { person } from "./excuse.ts";
import { listOf, page, pageQuery } from "./page.ts";
import { range } from "./reconciliation.ts";

const itemName = z.object({
  key: z.array(text(1024)).min(1).max(5),
  side: z.enum(SIDES),
  source: text(1024, 1),
  id: text(1024, 1),
});

const namedItem = itemName.extend({
  value: decimal.meta({ description: "Signed, as it adds to the net." }),
  since: instant,
  site: z.string(),
  href: z.string(),
});

export const CONFIRMATION_STATES = ["requested", "confirmed", "rejected", "withdrawn"] as const;

const suggestion = z
  .object({
    kind: z.enum(["same_value", "sum_of_two"]),
    unit: z.string(),
    gross: decimal,
    items: z.array(namedItem),
    needsSecondPerson: z.boolean(),
  })
  .meta({
    id: "Suggestion",
    description: "Items without a common key that would offset each other. Nothing is taken.",
  });

export const suggestionList = z
  .object({
    items: z.array(suggestion),
    isWhole: z.boolean().meta({ description: "False where only the oldest items were looked at." }),
  })
  .meta({ id: "SuggestionList" });

export const suggestionsQuery = z.strictObject({
  company: range.company,
  on: range.on,
  to: range.to,
  unit: listOf(text(64)),
});

export const confirmation = z
  .object({
    id: z.string(),
    version: z.int().min(1),
    reconciliation: z.string(),
    state: z.enum(CONFIRMATION_STATES),
    unit: z.string(),
    gross: decimal,
    items: z.array(itemName.extend({ value: decimal })),
    reason: z.string(),
    requestedAt: instant,
    requestedBy: person,
    decidedAt: instant.nullable(),
    decidedBy: person.nullable().meta({ description: "Above the limit never who requested it." }),
    note: z.string(),
    changedAt: instant,
    changedBy: person,
  })
  .meta({
    id: "Confirmation",
    description: "A person says that items without a common key belong together. Recorded; it changes no figure.",
  });

export const newConfirmation = z
  .strictObject({
    unit: text(64),
    items: z.array(z.strictObject(itemName.shape)).min(2).max(20),
    reason: text(2000, 3),
  })
  .meta({ id: "NewConfirmation" });

export const confirmationChange = z
  .strictObject({ version: z.int().min(1), note: text(2000).default("") })
  .meta({ id: "ConfirmationChange", description: "The version that was seen, and what is to be said." });

export const confirmationPath = z.object({ id: text(64, 1), confirmation: text(64, 1) });
export const confirmationsQuery = z.strictObject({ state: listOf(z.enum(CONFIRMATION_STATES)), ...pageQuery });
export const confirmationPage = page(confirmation, "Confirmations, the last requested first.").meta({
  id: "ConfirmationPage",
});

export type Suggestion = z.infer<typeof suggestion>;
export type SuggestionList = z.infer<typeof suggestionList>;
export type SuggestionsQuery = z.infer<typeof suggestionsQuery>;
export type Confirmation = z.infer<typeof confirmation>;
export type NewConfirmation = z.infer<typeof newConfirmation>;
export type ConfirmationChange = z.infer<typeof confirmationChange>;
export type ConfirmationPage = z.infer<typeof confirmationPage>;
export type ConfirmationsQuery = z.infer<typeof confirmationsQuery>;
