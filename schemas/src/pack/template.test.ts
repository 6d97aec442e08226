import { describe, expect, test } from "vitest";
import { parseTemplate } from "./template.ts";

describe("a template", () => {
  test("has text and fields with filters", () => {
    expect(parseTemplate("{{{case.concept:name|before:_|upper}}}/{event.a b}x")).toEqual({
      ok: true,
      parts: [
        { kind: "text", text: "{" },
        {
          kind: "field",
          scope: "case",
          name: "concept:name",
          filters: [
            { name: "before", argument: "_" },
            { name: "upper", argument: "" },
          ],
        },
        { kind: "text", text: "}/" },
        { kind: "field", scope: "event", name: "a b", filters: [] },
        { kind: "text", text: "x" },
      ],
    });
  });

  test.each([
    ["{case.a", 'has a "{" without its "}"'],
    ["a}", 'has a "}" without its "{"'],
    ["{thing.a}", 'names the field "thing.a", which is not case.<name>, event.<name>, file.<name>, object.<name>'],
    ["{case}", 'names the field "case", which is not case.<name>, event.<name>, file.<name>, object.<name>'],
    ["{case.a|first}", 'has the filter "first", which is not before:X, after:X, comma, lower, upper or trim'],
  ])("such as %s says what is wrong", (template, message) => {
    expect(parseTemplate(template)).toEqual({ ok: false, message });
  });
});
