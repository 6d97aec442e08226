import { z } from "@hono/zod-openapi";
import { decimal, instant, text } from "@throughline/schemas/text";
import { queryInstant } from "./figure.ts";
import { feed, range } from "./reconciliation.ts";

const hopTotal = z.object({
  keys: z.int(),
  count: z.int().meta({ description: "Statements, each once." }),
  sum: decimal,
  digest: z.string().meta({ description: "Over keys and values, the same in any order; empty: no key." }),
});

const comparedUnit = z.object({
  unit: z.string().meta({ description: "Unit or currency; empty: what states none, and agrees with nothing." }),
  a: hopTotal,
  b: hopTotal,
  isSame: z.boolean(),
  differencesHref: z.string(),
});

export const controlTotals = z
  .object({
    reconciliation: z.string(),
    a: z.string(),
    b: z.string(),
    from: instant,
    to: instant,
    feeds: z
      .object({ a: feed, b: feed })
      .meta({ description: "A window that is not complete yet differs for that reason alone." }),
    units: z.array(comparedUnit),
  })
  .meta({
    id: "ControlTotals",
    description: "What both sides stated in a window: how many, how much, and which keys.",
  });

const window = {
  company: range.company,
  from: queryInstant,
  to: queryInstant.meta({ description: "At most 31 days after `from`." }),
};

export const controlTotalsQuery = z.strictObject(window);

export const controlDifferencesQuery = z.strictObject({
  ...window,
  unit: text(64),
});

const controlDifference = z.object({
  key: z.array(z.string()),
  a: decimal.nullable().meta({ description: "Null: side a did not state it in the window." }),
  b: decimal.nullable(),
  href: z.string().meta({ description: "The journey of the object that the key begins with." }),
});

export const controlDifferences = z
  .object({
    items: z.array(controlDifference),
    isWhole: z.boolean().meta({ description: "False: more differs than is listed. Ask for a shorter window." }),
  })
  .meta({
    id: "ControlDifferences",
    description: "The keys that one side stated and the other did not, or otherwise.",
  });

export type ControlTotals = z.infer<typeof controlTotals>;
export type ControlTotalsQuery = z.infer<typeof controlTotalsQuery>;
export type ControlDifferences = z.infer<typeof controlDifferences>;
export type ControlDifferencesQuery = z.infer<typeof controlDifferencesQuery>;
