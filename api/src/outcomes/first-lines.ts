import type { StatedEvent } from "../queries/list-stated-events.ts";

/** When an order line was sent first, and for which requisition. */
export interface FirstLine {
  line: string;
  requisition: string | undefined;
  event: StatedEvent;
}

/** The first that was said of each order line; of the same moment the least requisition. */
export function listFirstLines(issued: readonly StatedEvent[]): FirstLine[] {
  const first = new Map<string, FirstLine>();
  for (const event of issued) {
    const line = idOf(event, "purchase_order_line");
    if (line === undefined) continue;
    const one = { line, requisition: idOf(event, "requisition"), event };
    const known = first.get(line);
    if (known === undefined || isBefore(one, known)) first.set(line, one);
  }
  return [...first.values()];
}

/** The first object of a type that an event names. */
export function idOf({ objects }: StatedEvent, type: string): string | undefined {
  return objects.find(([name]) => name === type)?.[1];
}

function isBefore(a: FirstLine, b: FirstLine): boolean {
  if (a.event.at !== b.event.at) return a.event.at < b.event.at;
  return (a.requisition ?? "") < (b.requisition ?? "");
}
