import { expect, test } from "vitest";
import type { NativeDocument } from "../formats/document.ts";
import { createAllowList } from "./allow-list.ts";
import { redactDocument } from "./redact-document.ts";

const separators = { element: "|", repetition: "~", component: "^", subcomponent: "&", escape: "\\" };

function createOrder(order: string): NativeDocument {
  const children = [{ name: "ORC", elements: ["ORC", "NW", order, "FIL-1^ICU^9"], children: [] }];
  return {
    format: "hl7v2",
    kind: "ORM^O01",
    id: "PHARM/1",
    isTest: false,
    control: { sender: "PHARM", note: "jane@clinic.example" },
    separators,
    root: { name: "message", children },
  };
}

test("what a mapping keeps of a segment joins what the format allows of it", () => {
  const allowed = createAllowList("hl7v2", [{ path: "ORC[NW].3.2", as: "keep" }]);
  const { document, report } = redactDocument(createOrder("ORD-1"), allowed, {});
  expect(document.root.children[0]?.elements).toEqual(["ORC", "NW", "", "^ICU"]);
  expect(document.control).toEqual({ sender: "PHARM" });
  expect(report).toEqual({ dropped: { "ORC.2": 1, note: 1 }, shapes: 1, tokens: 0, dates: 0 });
});

test("what a mapping keeps of another segment of that name does not", () => {
  const allowed = createAllowList("hl7v2", [{ path: "ORC[XO].3.2", as: "keep" }]);
  const { document } = redactDocument(createOrder("ORD-1"), allowed, {});
  expect(document.root.children[0]?.elements).toEqual(["ORC", "NW", "", ""]);
});
