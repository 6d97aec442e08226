import { createHash } from "node:crypto";

const MAX_TYPE = 128;

/**
 * A type for an activity that no mapping names: `imported.purchase_order.create` for "Create Purchase Order". The first
 * word is taken as the verb, the rest as the object; the same activity always gives the same type.
 */
export function deriveEventType(activity: string, domain: string): string {
  const [verb = "", ...object] = toSlug(activity).split("_");
  const type = `${domain}.${toWord(object.join("_"), "activity")}.${toWord(verb, "occur")}`;
  if (type.length <= MAX_TYPE) return type;
  const digest = createHash("sha256").update(activity).digest("hex").slice(0, 12);
  return `${domain}.activity_${digest}.${toWord(verb, "occur").slice(0, 40)}`;
}

/** A word for objects: "Purchase Order" becomes purchase_order. */
export function deriveObjectType(type: string): string {
  return toWord(toSlug(type), "object").slice(0, 64);
}

function toSlug(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
}

function toWord(slug: string, otherwise: string): string {
  if (slug === "") return otherwise;
  return /^[a-z]/.test(slug) ? slug : `n${slug}`;
}
