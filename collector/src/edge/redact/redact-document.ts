import type { RedactionAction } from "@throughline/schemas/pack/document-mapping";
import type { NativeDocument, NativeNode } from "../formats/document.ts";
import { fits } from "../map/read-value.ts";
import type { AllowedPlace, AllowList } from "./allow-list.ts";
import { coarsenDate, type DatePrecision } from "./coarsen-date.ts";
import { hasPersonalShape } from "./personal-shape.ts";
import { type ElementRedaction, redactElements } from "./redact-elements.ts";
import { createRedactionReport, type RedactionReport } from "./redaction-report.ts";
import { type TokenKey, toToken } from "./token.ts";

export interface RedactionPolicy {
  /** Without a key, what would become a token is dropped. */
  key?: TokenKey | undefined;
  /** What remains of dates that lead to a patient; the day unless given. */
  dates?: DatePrecision | undefined;
}

export interface RedactedDocument {
  document: NativeDocument;
  /** What was left out, by segment or element: names and counts, never what stood there. */
  report: RedactionReport;
}

interface Work extends ElementRedaction {
  allowed: AllowList;
  /** The nodes above, outermost first. */
  around: NativeNode[];
}

const NO_CHILDREN: readonly NativeNode[] = [];
const NO_PLACES: readonly AllowedPlace[] = [];

/** A copy of a document that holds only what its allow-list names. */
export function redactDocument(
  document: NativeDocument,
  allowed: AllowList,
  policy: RedactionPolicy,
): RedactedDocument {
  const report = createRedactionReport();
  const apply = (text: string, action: RedactionAction) => applyAction(text, action, { policy, report });
  const work: Work = { allowed, separators: document.separators, apply, drop: report.drop, around: [] };
  const root = redactNode(work, document.root) ?? { name: document.root.name, children: NO_CHILDREN };
  const control: Record<string, string> = {};
  for (const [name, value] of Object.entries(document.control))
    if (hasPersonalShape(value)) {
      report.drop(name);
      report.shape();
    } else control[name] = value;
  return { document: { ...document, id: redactId(document, policy), control, root }, report: report.result() };
}

function redactId({ id, isIdPersonal }: NativeDocument, { key }: RedactionPolicy): string | undefined {
  if (id === undefined) return undefined;
  if (isIdPersonal === true) return key === undefined ? undefined : toToken(key, id);
  return hasPersonalShape(id) ? undefined : id;
}

/** What remains of a node and of those in it; undefined when nothing does. */
function redactNode(work: Work, node: NativeNode): NativeNode | undefined {
  const places = findPlaces(work, node);
  const children = redactChildren(work, node);
  const elements = node.elements && redactElements(work, node.elements, places);
  const text = node.text === undefined ? undefined : redactText(work, node.text, { places, name: node.name });
  const attributes = node.attributes && redactAttributes(work, node.attributes, { places, name: node.name });
  const hasOwn = elements !== undefined || text !== undefined || attributes !== undefined;
  if (!hasOwn && children.length === 0 && work.around.length > 0) return undefined;
  if (attributes === undefined && elements === undefined)
    return text === undefined ? { name: node.name, children } : { name: node.name, text, children };
  return {
    name: node.name,
    ...(elements && { elements }),
    ...(text === undefined ? {} : { text }),
    ...(attributes && { attributes }),
    children,
  };
}

function redactChildren(work: Work, node: NativeNode): readonly NativeNode[] {
  if (node.children.length === 0) return NO_CHILDREN;
  const children: NativeNode[] = [];
  work.around.push(node);
  for (const child of node.children) {
    const kept = redactNode(work, child);
    if (kept !== undefined) children.push(kept);
  }
  work.around.pop();
  return children;
}

/** The places whose names and conditions fit the node and what is around it. */
function findPlaces(work: Work, node: NativeNode): readonly AllowedPlace[] {
  const places = work.allowed.get(node.name);
  if (places === undefined) return NO_PLACES;
  const [only] = places;
  if (places.length === 1 && only !== undefined) return isAt(work, node, only) ? places : NO_PLACES;
  return places.filter((place) => isAt(work, node, place));
}

function isAt({ around, separators }: Work, node: NativeNode, { steps }: AllowedPlace): boolean {
  for (let above = 0; above < steps.length; above++) {
    const step = steps[steps.length - 1 - above];
    const at = above === 0 ? node : around[around.length - above];
    if (step === undefined || at === undefined || at.name !== step.name || !fits(at, step.test, separators))
      return false;
  }
  return true;
}

interface Named {
  name: string;
  places: readonly AllowedPlace[];
}

function redactText(work: Work, text: string, { name, places }: Named): string | undefined {
  if (text.trim() === "") return undefined;
  for (const place of places) {
    if (place.text === undefined) continue;
    const kept = work.apply(text, place.text);
    if (kept === undefined) work.drop(name);
    return kept;
  }
  work.drop(name);
  return undefined;
}

function redactAttributes(
  work: Work,
  written: Readonly<Record<string, string>>,
  { name, places }: Named,
): Record<string, string> | undefined {
  let kept: Record<string, string> | undefined;
  for (const [key, text] of Object.entries(written)) {
    if (text.trim() === "") continue;
    const action = places.find(({ attributes }) => attributes.has(key))?.attributes.get(key);
    const value = action === undefined ? undefined : work.apply(text, action);
    if (value === undefined) {
      work.drop(`${name}@${key}`);
      continue;
    }
    kept ??= {};
    kept[key] = value;
  }
  return kept;
}

function applyAction(
  text: string,
  action: RedactionAction,
  { policy, report }: { policy: RedactionPolicy; report: ReturnType<typeof createRedactionReport> },
): string | undefined {
  if (action === "token") {
    if (policy.key === undefined) return undefined;
    report.tokens();
    return toToken(policy.key, text.trim());
  }
  if (action === "date") {
    report.dates();
    return coarsenDate(text, policy.dates ?? "day");
  }
  if (!hasPersonalShape(text)) return text;
  report.shape();
  return undefined;
}
