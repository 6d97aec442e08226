import type { Event } from "@throughline/schemas/event";

/** What an event of the trade says, as those who write documents need it. */
export interface Told {
  event: Event;
  source: string;
  id: string;
  type: string;
  site: string;
  /** Unix milliseconds. */
  at: number;
  /** The id of the first object of a type; empty where there is none. */
  idOf(type: string): string;
  quantity: { value: string; unit: string };
  /** A measure's value; empty where it is not stated. */
  valueOf(measure: string): string;
  /** An attribute as text; empty where it is not stated. */
  textOf(attribute: string): string;
}

export function toTold(event: Event): Told {
  const data = typeof event.data === "object" && event.data !== null ? event.data : {};
  const { objects = [], measures = {}, attributes = {} } = data;
  const quantity = measures["quantity"];
  return {
    event,
    source: event.source,
    id: event.id,
    type: event.type,
    site: event.site ?? "",
    at: Date.parse(event.time ?? ""),
    idOf: (type) => objects.find((object) => object.type === type)?.id ?? "",
    quantity: {
      value: quantity?.value ?? "",
      unit: quantity !== undefined && "unit" in quantity ? quantity.unit : "",
    },
    valueOf: (measure) => measures[measure]?.value ?? "",
    textOf: (attribute) => String(attributes[attribute] ?? ""),
  };
}

/** `20260302` and `091407`, in UTC. */
export function toCompactTime(at: number): { date: string; time: string } {
  const text = new Date(at).toISOString().replaceAll(/[-:]/g, "");
  return { date: text.slice(0, 8), time: text.slice(9, 15) };
}

/** What stands before the first slash, and what stands behind it. */
export function splitId(id: string): [first: string, rest: string] {
  const slash = id.indexOf("/");
  return slash < 0 ? [id, ""] : [id.slice(0, slash), id.slice(slash + 1)];
}
