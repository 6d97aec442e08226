import type { AttributeValue } from "../event.ts";
import type { AllowList } from "./allow-list.ts";
import { type Tally, toCleanText } from "./text.ts";

const MAX_ATTRIBUTES = 128;
const MAX_TEXT = 8192;
const MAX_LIST = 256;

/**
 * Copies the attributes that may be sent. Names that are not allowed, and values that are no text, number, boolean, date or
 * list of texts, are left out and counted. The first 128 stay.
 */
export function toAttributes(
  given: Readonly<Record<string, unknown>>,
  isAllowed: AllowList,
  tally: Tally,
): Record<string, AttributeValue> | undefined {
  let copy: Record<string, AttributeValue> | undefined;
  let count = 0;
  for (const name in given) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined) continue;
    const sent = count < MAX_ATTRIBUTES && isAllowed(name) ? toAttribute(value, tally) : undefined;
    if (sent === undefined) tally.removedAttributes++;
    else {
      copy ??= {};
      copy[name] = sent;
      count++;
    }
  }
  return copy;
}

/** Undefined when it cannot be sent: whole numbers beyond 2^53 were rounded before they came here. */
function toAttribute(value: unknown, tally: Tally): AttributeValue | undefined {
  if (typeof value === "string") return toCleanText(value, MAX_TEXT, tally);
  if (typeof value === "number")
    return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
  if (typeof value === "boolean" || value === null) return value;
  if (typeof value === "bigint") return toCleanText(value.toString(), MAX_TEXT, tally);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (!Array.isArray(value) || value.length > MAX_LIST) return undefined;
  const texts: string[] = [];
  for (const item of value) {
    if (typeof item !== "string") return undefined;
    texts.push(toCleanText(item, MAX_TEXT, tally));
  }
  return texts;
}
