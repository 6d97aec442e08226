import type { NativeDocument, NativeNode, ParsedItem } from "../document.ts";
import { textOf } from "./to-node.ts";

/** Resources that name a medicine, itself or by reference to another resource. */
const REFERRERS = new Set(["MedicationDispense", "MedicationRequest"]);
const CONCEPT = "medicationCodeableConcept";
const MAX_KNOWN = 10_000;
const MAX_HELD = 200;

/**
 * Gives dispenses and orders the code of the medicine that they refer to, where it is contained in them or is an entry of the stream,
 * before or behind them. Up to 200 wait for theirs; the others, and those whose medicine does not come, go on without.
 */
export async function* resolveMedications(
  items: AsyncGenerator<ParsedItem, void, void>,
): AsyncGenerator<ParsedItem, void, void> {
  const known = new Map<string, NativeNode>();
  const held: { item: ParsedItem; document: NativeDocument; reference: string }[] = [];
  for await (const item of items) {
    const { document } = item;
    const reference = document === undefined ? "" : findReference(document);
    if (document === undefined || reference === "") {
      yield item;
      for (const name of document === undefined ? [] : remember(known, document))
        for (let at = held.findIndex((each) => each.reference === name); at !== -1;) {
          for (const found of held.splice(at, 1)) yield withCode(found.item, found.document, known.get(name));
          at = held.findIndex((each) => each.reference === name);
        }
      continue;
    }
    const code = reference.startsWith("#") ? findContained(document, reference.slice(1)) : known.get(toKey(reference));
    if (code !== undefined || reference.startsWith("#")) yield withCode(item, document, code);
    else held.push({ item, document, reference: toKey(reference) });
    if (held.length > MAX_HELD) for (const oldest of held.splice(0, 1)) yield oldest.item;
  }
  for (const { item } of held) yield item;
}

/** What the medicine is referred to by; empty where it is named, or there is none. */
function findReference({ kind, root }: NativeDocument): string {
  if (!REFERRERS.has(kind) || root.children.some(({ name }) => name === CONCEPT)) return "";
  return textOf(root, "medicationReference", "reference");
}

/** `Medication/7`, `http://host/fhir/Medication/7/_history/2` and `urn:uuid:7` are 7. */
function toKey(reference: string): string {
  return /(?:^|\/)Medication\/(?<id>[^/]+)/.exec(reference)?.groups?.["id"] ?? reference.replace(/^urn:uuid:/, "");
}

/** The names by which a medicine can be referred to from now on; none for another resource. */
function remember(known: Map<string, NativeNode>, { kind, root, control }: NativeDocument): string[] {
  const code = kind === "Medication" ? root.children.find(({ name }) => name === "code") : undefined;
  if (code === undefined) return [];
  const names = [textOf(root, "id"), toKey(control["entry"] ?? "")].filter((name) => name !== "");
  for (const name of names) known.set(name, code);
  for (const oldest of known.keys()) {
    if (known.size <= MAX_KNOWN) break;
    known.delete(oldest);
  }
  return [...new Set(names)];
}

/** JSON names the kind of a contained resource in it, XML around it. */
function findContained({ root }: NativeDocument, id: string): NativeNode | undefined {
  for (const contained of root.children.filter(({ name }) => name === "contained"))
    for (const resource of [contained, ...contained.children])
      if (textOf(resource, "id") === id) return resource.children.find(({ name }) => name === "code");
  return undefined;
}

function withCode(item: ParsedItem, document: NativeDocument, code: NativeNode | undefined): ParsedItem {
  if (code === undefined) return item;
  const { root } = document;
  const concept = { ...code, name: CONCEPT };
  return { ...item, document: { ...document, root: { ...root, children: [...root.children, concept] } } };
}
