import { expect, test } from "vitest";
import { expandLegs } from "./expand-legs.ts";
import { type Flow, flow } from "./flow.ts";

const milestones = {
  decided: { title: "Decided", system: "Formulary", events: [{ type: "test.item.decided" }] },
  confirmed: {
    title: "Confirmed",
    system: "Subscriber",
    events: [{ type: "test.item.confirmed", where: { outcome: ["ok"] } }],
  },
  closed: { title: "Closed", system: "Formulary", events: [{ type: "test.item.closed" }] },
};
const leg = { title: "Decided to confirmed", from: "decided", to: "confirmed", targets: [{ within: "PT24H" }] };
const closing = { id: "closing", title: "Close", from: "decided", to: "closed", targets: [{ within: "PT48H" }] };
const rest = {
  id: "sync",
  title: "Sync",
  description: "Sync.",
  owner: "Desk",
  domain: "pharmacy",
  criticality: "high",
  latencyClass: "near-real-time",
  anchor: "item",
};
const each = { field: "attributes.subscriber", values: { ehr: "EHR", billing: "Billing" } };

function read(...legs: object[]): Flow {
  return flow.parse({ ...rest, milestones, legs: legs.map((entry) => ({ response: "Call.", ...entry })) });
}

test("a leg for each value becomes one leg with an end of its own for each", () => {
  const expanded = expandLegs(read({ id: "confirmation", ...leg, each }, closing));
  expect(expanded.legs.map(({ id, title, to }) => [id, title, to])).toEqual([
    ["confirmation-ehr", "Decided to confirmed: EHR", "confirmed-ehr"],
    ["confirmation-billing", "Decided to confirmed: Billing", "confirmed-billing"],
    ["closing", "Close", "closed"],
  ]);
  expect(Object.keys(expanded.milestones)).toEqual(["decided", "confirmed-ehr", "confirmed-billing", "closed"]);
  expect(expanded.milestones["confirmed-ehr"]).toMatchObject({
    title: "Confirmed: EHR",
    events: [{ type: "test.item.confirmed", where: { outcome: ["ok"], "attributes.subscriber": ["ehr"] } }],
  });
});

test("an end that another leg names stays beside those for each", () => {
  const expanded = expandLegs(read({ id: "confirmation", ...leg, each }, closing, { id: "first", ...leg }));
  expect(Object.keys(expanded.milestones)).toEqual([
    "decided",
    "confirmed",
    "confirmed-ehr",
    "confirmed-billing",
    "closed",
  ]);
  expect(expanded.milestones["confirmed"]?.events).toEqual(milestones.confirmed.events);
});

test("what is expanded reads as it is, and is expanded once", () => {
  const expanded = expandLegs(read({ id: "confirmation", ...leg, each }, closing));
  expect(flow.parse(expanded)).toEqual(expanded);
  expect(expandLegs(expanded)).toBe(expanded);
});
