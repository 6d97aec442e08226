import type { Event, EventData } from "@throughline/schemas/event";

type Attributes = NonNullable<EventData["attributes"]>;

/** The event with what is said of its document as well. */
export function withAttributes(event: Event, more: Attributes | undefined): Event {
  if (more === undefined || typeof event.data !== "object" || event.data === null) return event;
  return { ...event, data: { ...event.data, attributes: { ...event.data.attributes, ...more } } };
}
