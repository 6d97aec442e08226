import { z } from "zod";
import { text } from "./text.ts";

export const CROSSWALK_KINDS = ["item", "supplier", "location", "unit", "cost_centre"] as const;

/** A day, without a zone: crosswalks hold from the first to the last of theirs, both included. */
export const crosswalkDay = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'must be a day such as "2026-03-01"');

export const crosswalkName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "must be a lower-case name such as item");

/** What tells codes of several numberings apart: `ndc10`, `ndc11`, `gtin`, `acme`. */
export const codeSystem = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "must be a lower-case name such as ndc11");

export const code = text(256, 1);

/** A translation and when, where and for which numbering it holds. Where nothing is said it holds always, everywhere and for any. */
export const crosswalkEntry = z.strictObject({
  from: code,
  to: code,
  fromSystem: codeSystem.optional(),
  toSystem: codeSystem.optional(),
  reversible: z.boolean().optional().meta({ description: "It is read in both directions; each is unique then." }),
  interface: text(63, 1).optional().meta({ description: "Only for documents of this interface." }),
  site: text(128, 1).optional().meta({ description: "Only for documents of this site." }),
  effectiveFrom: crosswalkDay.optional(),
  effectiveTo: crosswalkDay.optional(),
});

export type CrosswalkEntry = z.infer<typeof crosswalkEntry>;
