import fc from "fast-check";
import { expect, test } from "vitest";
import { REDACTION_COUNTS, noRedaction, readRedaction, writeRedaction } from "./redaction-counts.ts";

const counts = fc.tuple(...REDACTION_COUNTS.map(() => fc.nat())).map((figures) => {
  const all = noRedaction();
  for (const [at, name] of REDACTION_COUNTS.entries()) all[name] = figures[at] ?? 0;
  return all;
});

test("what redaction did is read as it was written", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/), counts, (name, each) => {
      expect(readRedaction(writeRedaction(name, each))).toEqual({ interface: name, counts: each });
    }),
  );
});

test("what nobody wrote is passed over", () => {
  expect(readRedaction("")).toBeUndefined();
  expect(readRedaction("Smith, John")).toBeUndefined();
  expect(readRedaction("adt identity=2 smith=4 tokens=x dates=-1")).toEqual({
    interface: "adt",
    counts: { ...noRedaction(), identity: 2 },
  });
});
