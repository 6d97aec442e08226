import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitJsonArray } from "./split-json.ts";

describe("the elements of a JSON array", () => {
  it.each([
    ["[]", []],
    [" [ ] ", []],
    ["[1]", ["1"]],
    ['[ "a,]" ,{"b":"\\"}]"}\n,[1,[2]] ]', ['"a,]"', '{"b":"\\"}]"}', "[1,[2]]"]],
    ['["\\\\",null]', ['"\\\\"', "null"]],
  ])("of %s are %j", (text, elements) => {
    expect(splitJsonArray(text)).toEqual(elements);
  });

  it("are what JSON reads, each as it was written", () => {
    const values = fc.array(fc.jsonValue({ stringUnit: "binary" }), { maxLength: 8 });
    fc.assert(
      fc.property(values, fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        const elements = splitJsonArray(text);
        expect(elements.map((element) => JSON.parse(element))).toEqual(JSON.parse(text));
        expect(elements.every((element) => text.includes(element))).toBe(true);
      }),
    );
  });
});
