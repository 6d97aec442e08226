import type { ObjectKey } from "../queries/list-events-of-objects.ts";

/** An object's type and id as one text, for maps and sets. */
export function toKeyText({ type, id }: ObjectKey): string {
  return `${type}\u0000${id}`;
}

/** Each object once, in the order of its first appearance. */
export function toDistinct<Item extends ObjectKey>(objects: readonly Item[]): Item[] {
  return [...new Map(objects.toReversed().map((object) => [toKeyText(object), object])).values()].toReversed();
}
