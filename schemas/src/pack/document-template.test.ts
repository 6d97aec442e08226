import { describe, expect, test } from "vitest";
import { parseDocumentPath, parsePathStep } from "./document-path.ts";
import { parseDocumentTemplate } from "./document-template.ts";

describe("paths of documents", () => {
  test.each([
    ["PO1.04", { from: "near", value: { kind: "element", at: 4, component: 0, subcomponent: 0 } }],
    ["RXD.2.1", { from: "near", value: { kind: "element", at: 2, component: 1, subcomponent: 0 } }],
    ["PO1#N4", { from: "near", value: { kind: "qualified", qualifier: "N4" } }],
    ["/Order/ID@schemeID", { from: "root", value: { kind: "attribute", name: "schemeID" } }],
    ["^OrderReference@orderID", { from: "outer", value: { kind: "attribute", name: "orderID" } }],
    ["$sender", { from: "control", value: { kind: "text" } }],
    ["`Item No.`", { from: "near", value: { kind: "text" } }],
  ])("%s is read", (source, expected) => {
    expect(parseDocumentPath(source)).toMatchObject({ ok: true, path: expected });
  });

  test("conditions name an element, an attribute or a child, and several values", () => {
    expect(parsePathStep("N1[ST,BY]")?.test).toEqual({ on: { kind: "element", at: 1 }, values: ["ST", "BY"] });
    expect(parsePathStep("HL[3=I]")?.test).toEqual({ on: { kind: "element", at: 3 }, values: ["I"] });
    expect(parsePathStep("Identity[@domain=DUNS]")?.test?.on).toEqual({ kind: "attribute", name: "domain" });
    expect(parsePathStep("bizTransaction[type=*po]")?.test?.on).toEqual({ kind: "child", name: "type" });
  });

  test.each([
    "",
    "1A",
    "PO1.",
    "PO1..2",
    "A/",
    "PO1#",
    "$",
    "$a.b",
    "A[1",
    "PO1.1.1.1.1",
    Array(20).fill("a").join("/"),
  ])("%j is refused", (source) => {
    expect(parseDocumentPath(source).ok).toBe(false);
  });
});

describe("templates of documents", () => {
  test("text, paths and filters are told apart, also with slashes and signs in conditions", () => {
    const parsed = parseDocumentTemplate("{{a}} {BEG.03}/{N1[ST,BY].04|unpad|is:A=b,*=c}");
    expect(parsed.ok && parsed.parts.map((part) => (part.kind === "text" ? part.text : part.filters))).toEqual([
      "{a} ",
      [],
      "/",
      [
        { name: "unpad", argument: "" },
        { name: "is", argument: "A=b,*=c" },
      ],
    ]);
  });

  test.each(["{A", "A}", "{A|nothing}", "{A|implied:x}", "{A|before}", "{A|upper:1}", "{}"])(
    "%j is refused",
    (source) => {
      expect(parseDocumentTemplate(source).ok).toBe(false);
    },
  );
});
