import type { DocumentFormat, DocumentMapping, RedactionAction } from "@throughline/schemas/pack/document-mapping";
import { type DocumentPath, parseDocumentPath, type PathStep } from "@throughline/schemas/pack/document-path";
import { ALLOWED } from "./allow-lists/formats.ts";

/** A part of an element that may leave. */
export interface AllowedPart {
  component: number;
  subcomponent: number;
  action: RedactionAction;
}

/** What may leave of nodes of a name that lie in the same way; what several say of one value, the first says. */
export interface AllowedPlace {
  /** From the document inwards; the last one is the node itself. */
  steps: readonly PathStep[];
  text: RedactionAction | undefined;
  attributes: Map<string, RedactionAction>;
  /** Whole elements, by their number. */
  elements: Map<number, RedactionAction>;
  /** Components of elements, by the number of the element. */
  parts: Map<number, AllowedPart[]>;
  /** What stands behind one of these may leave, and they themselves. */
  qualifiers: Set<string>;
}

/** What may leave, by the name of the segment or element that holds it. */
export type AllowList = ReadonlyMap<string, readonly AllowedPlace[]>;

/** What the format allows, and what the mapping adds to it: CSV and JSON allow nothing by themselves. */
export function createAllowList(format: DocumentFormat, keep: DocumentMapping["keep"]): AllowList {
  const places = new Map<string, AllowedPlace>();
  for (const { path, as } of [...ALLOWED[format].map(toKeep), ...keep]) {
    const parsed = parseDocumentPath(path);
    if (!parsed.ok) throw new Error(`The allow-list ${parsed.message}`);
    const { steps } = parsed.path;
    const key = JSON.stringify(steps);
    const place = places.get(key) ?? createPlace(steps);
    places.set(key, place);
    allow(place, parsed.path, as);
  }
  return Map.groupBy(places.values(), ({ steps }) => steps.at(-1)?.name ?? "");
}

function createPlace(steps: readonly PathStep[]): AllowedPlace {
  return {
    steps,
    text: undefined,
    attributes: new Map(),
    elements: new Map(),
    parts: new Map(),
    qualifiers: new Set(),
  };
}

function allow(place: AllowedPlace, { value }: DocumentPath, action: RedactionAction): void {
  if (value.kind === "text") place.text ??= action;
  else if (value.kind === "qualified") place.qualifiers.add(value.qualifier);
  else if (value.kind === "attribute") {
    if (!place.attributes.has(value.name)) place.attributes.set(value.name, action);
  } else if (value.component > 0) {
    const { component, subcomponent } = value;
    place.parts.set(value.at, [...(place.parts.get(value.at) ?? []), { component, subcomponent, action }]);
  } else if (!place.elements.has(value.at)) place.elements.set(value.at, action);
}

/** `ORC.3:token` in the lists of formats. */
function toKeep(written: string): DocumentMapping["keep"][number] {
  const groups = /^(?<path>.+?)(?::(?<as>token|date))?$/s.exec(written)?.groups;
  const as = groups?.["as"];
  return { path: groups?.["path"] ?? written, as: as === "token" || as === "date" ? as : "keep" };
}
