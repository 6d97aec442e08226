import type { Measure, Reversal } from "@throughline/schemas/event";
import { toInstant } from "@throughline/schemas/calendar/working-time";
import type { Fact } from "../../api/src/projections/fact.ts";
import { createFact } from "../../api/src/projections/legs/order-flow.fixture.ts";

/** What an event says besides its type and time. */
interface Content {
  attributes?: Record<string, string | number | boolean>;
  measures?: Record<string, Measure>;
  outcome?: "failed" | "rejected";
  reverses?: Reversal;
  id?: string;
}

/** Unix milliseconds of a local time in Chicago such as `2026-03-02 09:00`. */
export function chicago(local: string): number {
  return toInstant(local.slice(0, 10), local.slice(11), "America/Chicago");
}

type Told = [local: string, type: string, objects: Record<string, string | readonly string[]>, content?: Content];

/** The words of one system, `source`, about its objects: each call is one event. */
export function createTeller(source: string) {
  return (...[local, type, objects, content = {}]: Told): Fact =>
    createFact({
      type,
      source,
      time: chicago(local),
      objects: Object.entries(objects).flatMap(([kind, ids]) =>
        (typeof ids === "string" ? [ids] : ids).map((id) => ({ type: kind, id })),
      ),
      ...content,
    });
}

export function containers(value: string): Record<string, Measure> {
  return { containers: { value, unit: "EA" } };
}
