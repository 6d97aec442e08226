/** Kinds of fields that redaction leaves out: what may be said of them where their names may not. */
export const FIELD_CLASSES = ["identity", "free_text", "clinical", "local", "unlisted"] as const;
export type FieldClass = (typeof FIELD_CLASSES)[number];

/**
 * What redaction did, in fields: those left out by class; of all of them, those that a list allowed and their shape gave away; and those that
 * became tokens or coarser dates.
 */
export const REDACTION_COUNTS = [...FIELD_CLASSES, "by_shape", "tokens", "dates"] as const;
export type RedactionCount = (typeof REDACTION_COUNTS)[number];
export type RedactionCounts = Record<RedactionCount, number>;

const WORD = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** An interface and what its redaction did, as an edge says it: `adt identity=12 tokens=3`. What is 0 is left out. */
export function writeRedaction(interfaceId: string, counts: RedactionCounts): string {
  const said = REDACTION_COUNTS.filter((name) => counts[name] > 0).map((name) => `${name}=${counts[name]}`);
  return [interfaceId, ...said].join(" ");
}

/** Reads what {@link writeRedaction} wrote; undefined where that is no such text. Names that are not known are passed over. */
export function readRedaction(text: string): { interface: string; counts: RedactionCounts } | undefined {
  const [name = "", ...said] = text.split(" ");
  if (!WORD.test(name)) return undefined;
  const counts = noRedaction();
  for (const each of said) {
    const [key, digits = ""] = each.split("=");
    const known = REDACTION_COUNTS.find((count) => count === key);
    if (known !== undefined && /^\d{1,15}$/.test(digits)) counts[known] = Number(digits);
  }
  return { interface: name, counts };
}

export function noRedaction(): RedactionCounts {
  return { identity: 0, free_text: 0, clinical: 0, local: 0, unlisted: 0, by_shape: 0, tokens: 0, dates: 0 };
}
