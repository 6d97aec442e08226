import type { Fact } from "../fact.ts";
import type { ReconciliationModel } from "./model.ts";

export const KEY_SEPARATOR = "\u001f";

/** What the entries of an event are put together by; a part that it does not state is empty. */
export function toKey({ rule }: ReconciliationModel, fact: Fact, subject: string): string {
  const parts = rule.key.slice(1).map((part) => {
    if (part === "site") return fact.site;
    if (part.startsWith("object.")) return findObject(fact, part.slice("object.".length));
    const value = fact.attributes[part.slice("attributes.".length)];
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
  });
  return [subject, ...parts].join(KEY_SEPARATOR);
}

/** What an event names itself, else what it takes back of. */
function findObject({ objects, reverses }: Fact, type: string): string {
  const named = objects.find((object) => object.type === type)?.id;
  if (named !== undefined || reverses === undefined || !("milestone" in reverses)) return named ?? "";
  return reverses.object.type === type ? reverses.object.id : "";
}

/** The object that a key, or what a key begins, is of. */
export function toSubject(key: string): string {
  const end = key.indexOf(KEY_SEPARATOR);
  return end < 0 ? key : key.slice(0, end);
}
