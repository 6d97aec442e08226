import type { RedactionAction } from "@throughline/schemas/pack/document-mapping";
import type { Separators } from "../formats/document.ts";
import { cutElement, readElementText } from "../map/read-value.ts";
import type { AllowedPart, AllowedPlace } from "./allow-list.ts";

/** How the elements of a document are redacted: what an action leaves of a text, and who is told of what is left out. */
export interface ElementRedaction {
  separators: Separators | undefined;
  apply: (text: string, action: RedactionAction) => string | undefined;
  drop: (name: string, at?: number) => void;
}

/** The elements that may leave, in their places; the others are empty. Undefined when none may. */
export function redactElements(
  work: ElementRedaction,
  elements: readonly string[],
  places: readonly AllowedPlace[],
): string[] | undefined {
  const name = elements[0] ?? "";
  const kept: string[] = [name];
  let hasAny = false;
  for (let at = 1; at < elements.length; at++) {
    const text = elements[at] ?? "";
    const value = text === "" ? "" : redactElement(work, { text, at, before: elements[at - 1] ?? "" }, places);
    if (value === undefined) work.drop(name, at);
    else if (value !== "") hasAny = true;
    kept.push(value ?? "");
  }
  return hasAny ? kept : undefined;
}

function redactElement(
  work: ElementRedaction,
  { text, at, before }: { text: string; at: number; before: string },
  places: readonly AllowedPlace[],
): string | undefined {
  for (const { elements } of places) {
    const action = elements.get(at);
    if (action !== undefined) return work.apply(text, action);
  }
  const parts = listParts(places, at);
  if (parts !== undefined) return redactComponents(work, text, parts);
  for (const { qualifiers } of places) {
    if (qualifiers.has(text)) return text;
    if (qualifiers.has(before)) return work.apply(text, "keep");
  }
  return undefined;
}

function listParts(places: readonly AllowedPlace[], at: number): readonly AllowedPart[] | undefined {
  let found: readonly AllowedPart[] | undefined;
  for (const place of places) {
    const parts = place.parts.get(at);
    if (parts !== undefined) found = found === undefined ? parts : [...found, ...parts];
  }
  return found;
}

/** Of the first repetition, the components that may leave. */
function redactComponents(work: ElementRedaction, text: string, parts: readonly AllowedPart[]): string | undefined {
  const { separators } = work;
  if (separators === undefined) return undefined;
  const kept: string[] = [];
  for (const part of parts) {
    const applied = redactPart(work, text, { part, separators });
    if (applied === undefined) continue;
    while (kept.length < part.component) kept.push("");
    kept[part.component - 1] = applied;
  }
  return kept.length === 0 ? undefined : kept.join(separators.component);
}

/** A component as written, or what stands for it: neither tokens nor dates hold a sign that needs an escape. */
function redactPart(
  { apply }: ElementRedaction,
  text: string,
  { part, separators }: { part: AllowedPart; separators: Separators },
): string | undefined {
  const plain = readElementText(text, part, separators);
  if (plain === undefined) return undefined;
  const applied = apply(plain, part.action);
  return applied === plain ? cutElement(text, part, separators) : applied;
}
