import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { flattenJsonSchema } from "./flatten-json-schema.ts";

const word = z
  .string()
  .regex(/^[a-z]+$/)
  .max(3)
  .meta({ id: "Word" });
const point = z.strictObject({ x: z.number().min(0).max(9), name: word.nullish() }).meta({ id: "Point" });
const schemas = {
  "a nullable reference": word.nullish(),
  "nested alternatives": z.union([word, z.union([z.int().max(5), z.array(word).max(2)])]).nullable(),
  "alternatives of the same type": z.union([point, z.strictObject({ y: z.number() })]),
  "an enum beside null": z.enum(["a", "b"]).nullable(),
  "names and values": z.record(word, z.union([z.boolean(), word])),
  "a loose object": z.looseObject({ kind: z.literal("k"), point: point.optional() }),
};

describe("a flattened JSON Schema", () => {
  it.each(Object.entries(schemas))("of %s lets the same values pass", (_, schema) => {
    const original = z.toJSONSchema(schema, { io: "input", target: "draft-2020-12" });
    const isValid = new Ajv2020({ strict: false }).compile(original);
    const isFlatValid = new Ajv2020({ strict: false }).compile(flattenJsonSchema(original));
    const leaf = fc.constantFrom<unknown>(null, true, 1, 5.5, 6, 9, 10, "", "a", "abc", "abcd", "A", "k");
    const value = fc.oneof(
      leaf,
      fc.array(leaf, { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom("x", "y", "name", "kind", "abc", "point"),
        fc.oneof(leaf, fc.record({ x: leaf, name: leaf }, { requiredKeys: [] })),
      ),
    );

    fc.assert(
      fc.property(value, (given) => isValid(given) === isFlatValid(given)),
      { numRuns: 500 },
    );
  });

  it("merges alternatives of different types and writes references out", () => {
    const original = z.toJSONSchema(z.object({ name: word.nullish() }), { io: "input" });

    expect(flattenJsonSchema(original)).toMatchObject({
      properties: { name: { type: ["string", "null"], pattern: "^[a-z]+$", maxLength: 3 } },
    });
  });
});
