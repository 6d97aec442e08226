import fc from "fast-check";
import { expect, it } from "vitest";
import type { CarriedType } from "../projections/feeds/carriers.ts";
import { listBlindCells } from "./blind-cells.ts";

const ENDS = [
  { flow: "order", leg: "receipt", types: ["receipt"] },
  { flow: "order", leg: "invoice", types: ["invoice", "receipt"] },
];
const toTime = (source: string) => ({ source, from: 0, until: undefined });

it("is blind where any source that can carry the end at the site is, and nowhere else", () => {
  const carried: fc.Arbitrary<CarriedType[]> = fc.array(
    fc.record({
      source: fc.constantFrom("a", "b", "c"),
      type: fc.constantFrom("receipt", "invoice", "order"),
      site: fc.constantFrom("", "n", "s"),
      domain: fc.constant("erp"),
    }),
  );
  fc.assert(
    fc.property(carried, fc.uniqueArray(fc.constantFrom("a", "b", "c")), (given, silent) => {
      const found = listBlindCells(ENDS, { carried: given, times: silent.map(toTime) });
      const cells = new Set(found.map(({ flow, leg, site }) => `${flow} ${leg} ${site}`));
      for (const { flow, leg, types } of ENDS)
        for (const site of new Set(["", ...given.map((each) => each.site)])) {
          const senders = given.filter(({ type }) => types.includes(type));
          const own = senders.filter((each) => each.site === site || each.site === "");
          const isBlind = (own.length > 0 ? own : senders).some(({ source }) => silent.some((name) => name === source));
          expect(cells.has(`${flow} ${leg} ${site}`)).toBe(isBlind);
        }
    }),
  );
});

it("names who is silent", () => {
  const carried = [
    { source: "/edi/A", type: "receipt", site: "", domain: "erp" },
    { source: "/portal", type: "receipt", site: "", domain: "erp" },
  ];
  const [cell] = listBlindCells(ENDS, { carried, times: [toTime("/portal")] });
  expect(cell?.times.map(({ source }) => source)).toEqual(["/portal"]);
});
