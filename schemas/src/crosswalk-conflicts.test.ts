import fc from "fast-check";
import { expect, test } from "vitest";
import { type CrosswalkClaim, findCrosswalkConflicts } from "./crosswalk-conflicts.ts";

const claim = (part: Partial<CrosswalkClaim>): CrosswalkClaim => ({ crosswalk: "item", from: "A", to: "1", ...part });

const CASES: [string, CrosswalkClaim[], CrosswalkClaim[], string[]][] = [
  ["two that always hold", [claim({}), claim({ to: "2" })], [], ['1 from "A" has another translation on every day']],
  [
    "days that touch",
    [claim({ effectiveTo: "2026-02-28" }), claim({ to: "2", effectiveFrom: "2026-02-28" })],
    [],
    ['1 from "A" has another translation on 2026-02-28'],
  ],
  [
    "days that follow each other",
    [claim({ effectiveTo: "2026-02-28" }), claim({ to: "2", effectiveFrom: "2026-03-01" })],
    [],
    [],
  ],
  [
    "one that holds already",
    [claim({ effectiveFrom: "2026-03-01" })],
    [claim({})],
    ['0 from "A" has another translation on 2026-03-01'],
  ],
  [
    "one before what holds already",
    [claim({})],
    [claim({ effectiveFrom: "2026-03-01" })],
    ['0 from "A" has another translation on 2026-03-01'],
  ],
  [
    "a day that ends before it begins",
    [claim({ effectiveFrom: "2026-03-02", effectiveTo: "2026-03-01" })],
    [],
    ['0 effectiveTo "A" ends before it begins'],
  ],
  ["one for a site beside one for all", [claim({}), claim({ to: "2", site: "NORTH" })], [], []],
  ["values of two numberings", [claim({ fromSystem: "ndc10" }), claim({ fromSystem: "acme", to: "2" })], [], []],
  ["many to one", [claim({}), claim({ from: "B" })], [], []],
  [
    "many to one, reversible",
    [claim({ reversible: true }), claim({ from: "B", reversible: true })],
    [],
    ['1 to "1" would lead back to two values on every day'],
  ],
];

test.each(CASES.map(([name, asked, held, expected]) => ({ name, asked, held, expected })))("$name", (each) => {
  const { asked, held, expected } = each;
  const found = findCrosswalkConflicts(asked, held);
  expect(found.map(({ index, field, message }) => `${index} ${field} ${message}`)).toEqual(expected);
});

const days = fc.integer({ min: 1, max: 9 }).map((day) => `2026-01-0${day}`);
const claims = fc.array(
  fc.record({
    crosswalk: fc.constant("item"),
    from: fc.constantFrom("A", "B"),
    to: fc.constantFrom("1", "2"),
    effectiveFrom: days,
    effectiveTo: days,
  }),
  { maxLength: 8 },
);

test("where nothing is found each value has one translation a day at most", () => {
  fc.assert(
    fc.property(claims, (asked) => {
      const isFree = findCrosswalkConflicts(asked, []).length === 0;
      const holds = ({ effectiveFrom, effectiveTo }: (typeof asked)[number], day: string) =>
        effectiveFrom <= day && day <= effectiveTo;
      const isUnique = Array.from({ length: 9 }, (_, at) => `2026-01-0${at + 1}`).every((day) =>
        ["A", "B"].every((from) => asked.filter((each) => each.from === from && holds(each, day)).length <= 1),
      );
      const isOrdered = asked.every(({ effectiveFrom, effectiveTo }) => effectiveFrom <= effectiveTo);
      expect(isFree).toBe(isUnique && isOrdered);
    }),
  );
});
