import { z } from "zod";

const note = <T extends z.core.$ZodLooseShape>(shape: T) => z.strictObject(shape);

/** Pieces that were put on a shelf. */
export const goods = note({ shelf: z.string(), pieces: z.int() });

/** A call to eProcurement: something is below par. */
export const request = note({
  replenishment: z.string(),
  site: z.string(),
  location: z.string(),
  item: z.string(),
  packs: z.int(),
  isCritical: z.boolean(),
});
export type Request = z.infer<typeof request>;

const orderLine = note({
  /** order / line */
  id: z.string(),
  requisition: z.string(),
  replenishment: z.string(),
  item: z.string(),
  packs: z.int(),
  unit: z.string(),
  priceCents: z.int(),
});

/** An order as eProcurement hands it on. */
export const order = note({
  id: z.string(),
  site: z.string(),
  supplier: z.string(),
  lines: z.array(orderLine),
});
export type Order = z.infer<typeof order>;

/** What the dock counted of a shipment. */
export const receipt = note({
  /** site / document / year / line */
  id: z.string(),
  site: z.string(),
  orderLine: z.string(),
  item: z.string(),
  lot: z.string(),
  packs: z.int(),
  unit: z.string(),
});
export type Receipt = z.infer<typeof receipt>;

/** Pieces that left the stock. */
export const movement = note({ id: z.string(), site: z.string(), item: z.string(), pieces: z.int() });
export type Movement = z.infer<typeof movement>;
