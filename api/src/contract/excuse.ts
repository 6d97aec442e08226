import { instant, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { queryInstant, rangeQuery } from "./figure.ts";
import { listOf, page, pageQuery } from "./page.ts";

export const EXCUSE_KINDS = ["excuse", "pause"] as const;

/** `approved` and `ended` windows move deadlines; the others never do. */
export const EXCUSE_STATES = ["requested", "approved", "rejected", "withdrawn", "ended"] as const;

export const person = z.object({ id: z.string(), name: z.string() }).meta({
  id: "Actor",
  description: "Who did something, by the name that they had then.",
});

const scopeShape = {
  flow: z.string().meta({ description: "Empty: any." }),
  leg: z.string().meta({ description: "Empty: any." }),
  site: z.string().meta({ description: "Empty: any." }),
  supplier: z.string().meta({ description: "Empty: any." }),
  source: z.string().meta({ description: "Legs whose end this source can send; empty: any." }),
};

export const excuse = z
  .object({
    id: z.string(),
    version: z.int().min(1),
    kind: z.enum(EXCUSE_KINDS),
    state: z.enum(EXCUSE_STATES),
    ...scopeShape,
    domain: z.string(),
    from: instant,
    until: instant.nullable().meta({ description: "Null for a pause that is open." }),
    reason: z.string(),
    requestedAt: instant,
    requestedBy: person,
    decidedAt: instant.nullable(),
    decidedBy: person.nullable().meta({ description: "Who approved or rejected it; never who requested it." }),
    changedAt: instant,
    changedBy: person,
    note: z.string().meta({ description: "What was said with the last change." }),
    href: z.string(),
  })
  .meta({
    id: "Excuse",
    description: "A stretch of time that does not count against legs, and who wanted that and why.",
  });

export const excuseDetail = excuse
  .extend({ versions: z.array(excuse).meta({ description: "Oldest first." }) })
  .meta({ id: "ExcuseDetail", description: "A window with all that was ever said of it." });

const name = (max: number) => text(max, 1).optional().meta({ description: "None: any." });

export const newExcuse = z
  .strictObject({
    kind: z.enum(EXCUSE_KINDS).default("excuse"),
    flow: name(64),
    leg: name(64).meta({ description: "Needs a flow." }),
    site: name(128),
    supplier: name(512),
    source: name(512),
    from: queryInstant,
    until: queryInstant.optional().meta({ description: "An excuse needs it; a pause without it stays open." }),
    reason: text(1000, 3).meta({ description: "Why the time should not count, for who approves and for auditors." }),
  })
  .meta({ id: "NewExcuse", description: "A request that a stretch of time should not count." });

const changeShape = {
  version: z.int().min(1).meta({ description: "The version that the decision is about." }),
  note: text(1000).default(""),
};

export const excuseChange = z
  .strictObject(changeShape)
  .meta({ id: "ExcuseChange", description: "A decision about a window." });

export const excuseEnd = z
  .strictObject({
    ...changeShape,
    until: queryInstant.optional().meta({ description: "Now unless given; never later than now." }),
  })
  .meta({ id: "ExcuseEnd", description: "The end of an open pause." });

export const excusePath = z.object({ id: z.string().max(64) });

export const excusesQuery = z.strictObject({
  kind: listOf(z.enum(EXCUSE_KINDS)),
  state: listOf(z.enum(EXCUSE_STATES)),
  flow: listOf(text(64)),
  leg: listOf(text(64)),
  site: listOf(text(128)).meta({ description: "Windows that cover the site: those of any site too." }),
  domain: listOf(text(64)).meta({ description: "Windows that cover the domain: those of any flow too." }),
  supplier: listOf(text(512)),
  source: listOf(text(512)),
  q: text(200, 1).optional().meta({ description: "Text that the reason contains, in any case." }),
  from: rangeQuery.from.meta({ description: "Windows that end later." }),
  to: rangeQuery.to.meta({ description: "Windows that begin earlier." }),
  asOf: queryInstant.optional().meta({ description: "The windows as they stood then." }),
  ...pageQuery,
});

export const excuseQuery = z.strictObject({
  asOf: queryInstant.optional().meta({ description: "What had been said of it by then." }),
});

export const excusePage = page(excuse, "Windows, last requested first.").meta({ id: "ExcusePage" });

export type Excuse = z.infer<typeof excuse>;
export type ExcuseState = Excuse["state"];
export type ExcuseDetail = z.infer<typeof excuseDetail>;
export type NewExcuse = z.infer<typeof newExcuse>;
export type ExcuseChange = z.infer<typeof excuseChange>;
export type ExcuseEnd = z.infer<typeof excuseEnd>;
export type ExcusesQuery = z.infer<typeof excusesQuery>;
export type ExcusePage = z.infer<typeof excusePage>;
