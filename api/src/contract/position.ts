import { decimal, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { listOf, page, pageQuery } from "./page.ts";

/**
 * What an order line has: something to come, something received that is not invoiced, the other way round, something that never
 * came, or what cannot be put in figures.
 */
export const POSITION_KINDS = ["commitment", "owed", "unreceived", "short", "unknown"] as const;
export const POSITION_SORTS = ["worth", "due"] as const;

const money = z.object({ value: decimal, currency: z.string() });
const quantity = z.object({ value: decimal, unit: z.string() });
const both = z.object({ quantity, worth: money });

export const position = z
  .object({
    order: z.string().meta({ description: "The order line." }),
    supplier: z.string(),
    company: z.string(),
    item: z.string(),
    site: z.string(),
    orderedOn: z.iso.date(),
    dueOn: z
      .string()
      .nullable()
      .meta({ description: "The day on which it is to be delivered, where the order says so." }),
    isOverdue: z.boolean().meta({ description: "Something is to come, and its day is over (UTC)." }),
    isKnown: z
      .boolean()
      .meta({ description: "False where unit, price or currency are not known, and so no figure is." }),
    open: quantity.nullable().meta({ description: "To come; not invoiced yet where no receipt is expected." }),
    commitment: money
      .nullable()
      .meta({ description: "The same at the order's price; what is left of a blanket order." }),
    owed: both.nullable().meta({ description: "Received and not invoiced." }),
    unreceived: both.nullable().meta({ description: "Invoiced and not received." }),
    short: quantity.nullable().meta({ description: "Never to come, since the delivery is complete." }),
    href: z.string().meta({ description: "The journey of the order line." }),
    matchesHref: z.string().meta({ description: "What matching says of it." }),
  })
  .meta({ id: "OrderPosition", description: "An order line that binds or owes something, at the order's price." });

export const positionFilterShape = {
  supplier: listOf(text(512)),
  company: listOf(text(512)),
  site: listOf(text(128)),
  currency: listOf(text(8)),
};

export const positionsQuery = z.strictObject({
  kind: z.enum(POSITION_KINDS).optional().meta({ description: "Only those that have something of the kind." }),
  overdue: z.enum(["yes"]).optional().meta({ description: "Only those of which something should have come by now." }),
  ...positionFilterShape,
  q: text(200, 1).optional().meta({ description: "Text that the id of the order line contains, in any case." }),
  sort: z.enum(POSITION_SORTS).default("worth").meta({
    description: "worth: by currency, then the largest first; due: the day of delivery that is over longest first.",
  }),
  ...pageQuery,
});

export const positionPage = page(position, "Order lines.").meta({ id: "OrderPositionPage" });

export type Position = z.infer<typeof position>;
export type PositionKind = (typeof POSITION_KINDS)[number];
export type PositionPage = z.infer<typeof positionPage>;
export type PositionsQuery = z.infer<typeof positionsQuery>;
