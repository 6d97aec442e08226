import { expect, test } from "vitest";
import { EMPTY_DRAFT, listFaults, sayDays, sayPlace, toFaults, toNewTranslation } from "./translation-text.ts";

test.each([
  [null, null, "always"],
  ["2026-03-01", null, "from 2026-03-01"],
  [null, "2026-03-31", "to 2026-03-31"],
  ["2026-03-01", "2026-03-31", "2026-03-01 to 2026-03-31"],
])("days from %s to %s are said", (effectiveFrom, effectiveTo, expected) => {
  expect(sayDays({ effectiveFrom, effectiveTo })).toBe(expected);
});

test("where it holds is said", () => {
  expect(sayPlace({ site: "", interface: "" })).toBe("everywhere");
  expect(sayPlace({ site: "NORTH", interface: "edi" })).toBe("at NORTH, through edi");
});

test("a draft says what it lacks, and leaves out what is empty", () => {
  expect(Object.keys(listFaults(EMPTY_DRAFT))).toEqual(["from", "to", "reason"]);
  const draft = { ...EMPTY_DRAFT, from: " A ", to: "B", reason: "Label", effectiveFrom: "2026-03-02" };
  expect(listFaults({ ...draft, effectiveTo: "2026-03-01" })).toHaveProperty("effectiveTo");
  expect(listFaults(draft)).toEqual({});
  expect(JSON.parse(JSON.stringify(toNewTranslation(draft)))).toEqual({
    crosswalk: "item",
    kind: "item",
    from: "A",
    to: "B",
    reversible: false,
    reason: "Label",
    effectiveFrom: "2026-03-02",
  });
});

test("what the API found wrong stands at its field", () => {
  const errors = [
    { path: "/body/from", message: '"A" has another translation on every day' },
    { path: "/body", message: "is odd" },
  ];
  expect(toFaults(errors)).toEqual({ from: '"A" has another translation on every day.' });
});
