import type { Flow } from "@throughline/schemas/pack/flow";
import { expect, test } from "vitest";
import { toFlowModels } from "./flow-model.ts";
import { orderFlow } from "./order-flow.fixture.ts";

const named = (id: string, criticality: Flow["criticality"], latencyClass: Flow["latencyClass"]) =>
  [id, { ...orderFlow, id, criticality, latencyClass }] as const;

test("flows are worked on by criticality, then by latency class", () => {
  const flows = new Map([
    named("a", "standard", "event"),
    named("b", "critical", "statutory"),
    named("c", "high", "batch"),
    named("d", "critical", "event"),
    named("e", "high", "near-real-time"),
  ]);
  const pack = { flows, ruleVersions: new Map(), calendars: new Map(), units: [] };
  expect(toFlowModels(pack).map(({ id }) => id)).toEqual(["d", "b", "e", "c", "a"]);
});
