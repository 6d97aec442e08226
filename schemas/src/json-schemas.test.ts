import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { toJsonSchemas } from "./json-schemas.ts";

const DIRECTORY = join(import.meta.dirname, "../json");

describe("the JSON schemas", () => {
  it("are those in schemas/json (npm run schemas writes them)", () => {
    const written = new Map(readdirSync(DIRECTORY).map((name) => [name, readFileSync(join(DIRECTORY, name), "utf8")]));
    expect([...written.keys()].toSorted()).toEqual([...toJsonSchemas().keys()].toSorted());
    for (const [name, text] of toJsonSchemas())
      expect(JSON.parse(written.get(name) ?? "null")).toEqual(JSON.parse(text));
  });

  it("are valid under 2020-12 and tell right from wrong", () => {
    const ajv = new Ajv2020({ strict: false });
    for (const text of toJsonSchemas().values()) expect(ajv.validateSchema(JSON.parse(text))).toBe(true);
    const isEvent = ajv.compile(JSON.parse(toJsonSchemas().get("event.schema.json") ?? "{}"));
    expect(isEvent({ specversion: "1.0", id: "1", source: "/erp", type: "erp.goods_receipt.posted" })).toBe(true);
    expect(isEvent({ specversion: "1.0", id: "1", source: "/erp", type: "Goods Receipt" })).toBe(false);
  });
});
