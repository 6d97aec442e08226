import type {
  Event,
  EventData,
  Measure as SharedMeasure,
  ObjectRef as SharedObjectRef,
} from "@throughline/schemas/event";
import type { ERROR_CLASSES, OUTCOMES } from "@throughline/schemas/event";
import { expect, expectTypeOf, test } from "vitest";
import type { ErrorClass, EventContent, EventInput, Measure, ObjectRef, Outcome, SentEvent } from "./event.ts";
import { createTestThroughline } from "./testing/test-throughline.ts";

test("every event of the SDK is one of the shared schemas", () => {
  expectTypeOf<ErrorClass>().toEqualTypeOf<(typeof ERROR_CLASSES)[number]>();
  expectTypeOf<Outcome>().toEqualTypeOf<(typeof OUTCOMES)[number]>();
  expectTypeOf<ObjectRef<string>["type"]>().toExtend<SharedObjectRef["type"]>();
  expectTypeOf<keyof ObjectRef>().toEqualTypeOf<keyof SharedObjectRef>();
  expectTypeOf<Measure["value"]>().toEqualTypeOf<SharedMeasure["value"]>();
  expectTypeOf<keyof EventContent>().toEqualTypeOf<keyof EventData>();
  expectTypeOf<Omit<SentEvent, "data">>().toExtend<Omit<Event, "data">>();
});

test("what is wrong does not compile", () => {
  const throughline = createTestThroughline({ objectTypes: ["vial"] });
  const type = "erp.goods_receipt.posted" as const;
  const accepted: EventInput<"vial">[] = [
    { type, objects: [{ type: "vial", id: "1" }] },
    { type, measures: { quantity: { value: "1", unit: "EA" }, amount: { value: "1", currency: "USD" } } },
  ];
  for (const event of accepted) throughline.emit(event);
  // @ts-expect-error an object type that no pack declares
  throughline.emit({ type, objects: [{ type: "vail", id: "1" }] });
  // @ts-expect-error an id that is no text
  throughline.emit({ type, objects: [{ type: "vial", id: 1 }] });
  // @ts-expect-error a measure without unit or currency
  throughline.emit({ type, measures: { quantity: { value: "1" } } });
  // @ts-expect-error a measure with unit and currency
  throughline.emit({ type, measures: { quantity: { value: "1", unit: "EA", currency: "USD" } } });
  // @ts-expect-error a measure as a number, which is not exact
  throughline.emit({ type, measures: { quantity: { value: 1, unit: "EA" } } });
  // @ts-expect-error a type without a verb
  throughline.emit({ type: "erp.goods_receipt" });
  // @ts-expect-error a class of error that is none
  throughline.emit({ type, error: { class: "unlucky" } });
  // @ts-expect-error an outcome that is none
  throughline.emit({ type, outcome: "fine" });
  // @ts-expect-error a reversal of nothing
  throughline.emit({ type, reverses: {} });
  expect(throughline.emitted().length).toBeGreaterThanOrEqual(2);
});
