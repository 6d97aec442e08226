import type { z } from "@hono/zod-openapi";
import { problem } from "../contract/problem.ts";
import { LIST_FORMATS } from "../contract/page.ts";

const PROBLEM = { content: { "application/problem+json": { schema: problem } } };

/** The errors that any route may answer with. */
export const ERRORS = {
  400: { description: "A parameter is wrong; `errors` says which.", ...PROBLEM },
  401: { description: "No key or session, or one that has ended.", ...PROBLEM },
  403: { description: "Not allowed with these roles.", ...PROBLEM },
  429: { description: "Too many failed attempts or too much at once.", ...PROBLEM },
  503: { description: "The store is away; try again after `Retry-After`.", ...PROBLEM },
  504: { description: "The store took too long.", ...PROBLEM },
} as const;

/** The answers of a route that gives JSON. */
export function answersWith<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { 200: { description, content: { "application/json": { schema } } }, ...ERRORS } as const;
}

/** The same of a route that may find nothing. */
export function findsWith<Schema extends z.ZodType>(schema: Schema, description: string) {
  const nothing = { description: "Nothing that the caller may see.", ...PROBLEM };
  return { 200: { description, content: { "application/json": { schema } } }, 404: nothing, ...ERRORS } as const;
}

/** The answers of a list: a page as JSON, or all of it in another format. */
export function answersWithList<Schema extends z.ZodType>(schema: Schema, description: string) {
  const text = { schema: { type: "string" as const } };
  const content = {
    "application/json": { schema },
    "text/csv": text,
    "application/x-ndjson": text,
    "application/vnd.apache.parquet": { schema: { type: "string" as const, format: "binary" } },
  };
  const forms = `As ${LIST_FORMATS.join(", ")}. In CSV, text that a spreadsheet would run as a formula has an apostrophe in front.`;
  return { 200: { description: `${description} ${forms}`, content }, ...ERRORS } as const;
}

/** The same of a list that may belong to nothing. */
export function findsWithList<Schema extends z.ZodType>(schema: Schema, description: string) {
  const nothing = { description: "Nothing that the caller may see.", ...PROBLEM };
  return { ...answersWithList(schema, description), 404: nothing } as const;
}
