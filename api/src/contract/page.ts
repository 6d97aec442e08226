import { z } from "@hono/zod-openapi";

export const PAGE_LIMITS = { default: 100, max: 1000 };

/** The formats of a list, by `?format=` or by `Accept`. */
export const LIST_FORMATS = ["json", "csv", "ndjson", "parquet"] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(PAGE_LIMITS.max)
    .default(PAGE_LIMITS.default)
    .meta({ description: `Rows of a page, at most ${PAGE_LIMITS.max}.` }),
  cursor: z.string().max(8192).optional().meta({ description: "`nextCursor` of the page before." }),
  format: z
    .enum(LIST_FORMATS)
    .optional()
    .meta({ description: "Instead of `Accept`. All formats but json hold the whole list, up to 100,000 rows." }),
};

/** A page of a list in a stable order. `nextCursor` is null on the last one. */
export function page<Item extends z.ZodType>(item: Item, description: string) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() }).meta({ description });
}

/** A query parameter that may be repeated. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(item).max(50).optional(),
  );
}
