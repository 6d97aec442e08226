import { ROOT_CONTEXT, propagation } from "@opentelemetry/api";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { extractHeaders, toHeaders } from "./headers.ts";
import { readObjects, withObjects } from "./objects.ts";

const id = fc.oneof(
  fc.string({
    unit: fc.constantFrom("|", "\\", "a", "é", "💊", "%", ",", ";", "=", "/", " "),
    minLength: 1,
    maxLength: 30,
  }),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
);
const object = fc.record({ type: fc.constantFrom("purchase_order", "lot", "invoice_line"), id });
// oxlint-disable-next-line no-control-regex -- what must not travel
const isCarried = (text: string) => text.trim() === text && !/[\u0000-\u001f\u007f]/.test(text) && text.isWellFormed();

test("keys come back as they went in, through a header too", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(object, { maxLength: 8, selector: ({ type, id: of }) => `${type}/${of}` }),
      (objects) => {
        const carried = extractHeaders(toHeaders({ from: withObjects(ROOT_CONTEXT, objects) }));
        const expected = objects.filter(({ id: of }) => isCarried(of));
        const text = ({ type, id: of }: { type: string; id: string }) => `${type} ${of}`;
        expect(readObjects(carried).map(text).toSorted()).toEqual(expected.map(text).toSorted());
      },
    ),
  );
});

test("adds to the keys and the baggage that are there, each once", () => {
  const foreign = propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage({ tenant: { value: "north" } }));
  const first = withObjects(foreign, [{ type: "lot", id: "a" }]);
  const second = withObjects(first, [
    { type: "lot", id: "b|c" },
    { type: "lot", id: "a" },
  ]);
  expect(readObjects(second)).toEqual([
    { type: "lot", id: "a" },
    { type: "lot", id: "b|c" },
  ]);
  expect(propagation.getBaggage(second)?.getEntry("tenant")?.value).toBe("north");
});

test("keeps what fits: 64 objects, 4 KB, none of another form", () => {
  const many = Array.from({ length: 200 }, (_, index) => ({ type: "lot", id: `L${index}` }));
  expect(readObjects(withObjects(ROOT_CONTEXT, many))).toHaveLength(64);
  const long = Array.from({ length: 20 }, (_, index) => ({ type: `type${index}`, id: "x".repeat(500) }));
  const kept = readObjects(withObjects(ROOT_CONTEXT, long));
  expect(kept.length).toBeGreaterThan(6);
  expect(readObjects(extractHeaders(toHeaders({ from: withObjects(ROOT_CONTEXT, long) })))).toEqual(kept);
  const odd: unknown[] = [
    { type: "Lot", id: "1" },
    { type: "lot", id: "" },
    { type: "lot", id: "a\nb" },
    { type: "lot", id: "x".repeat(513) },
    { type: "__proto__", id: "1" },
    { type: "lot", id: 7 },
  ];
  expect(Reflect.apply(withObjects, undefined, [ROOT_CONTEXT, odd])).toBe(ROOT_CONTEXT);
});

test("whatever baggage comes, what is read is bounded", () => {
  const name = fc.oneof(
    fc.constant("throughline.object.lot"),
    fc.constant("throughline.object.__proto__"),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.dictionary(name, fc.string({ maxLength: 5000 })), (entries) => {
      const baggage = propagation.createBaggage(
        Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, { value }])),
      );
      for (const { type, id: of } of readObjects(propagation.setBaggage(ROOT_CONTEXT, baggage))) {
        expect(type).toMatch(/^[a-z][a-z0-9_]{0,63}$/);
        expect(of.length).toBeLessThanOrEqual(512);
      }
    }),
  );
});
