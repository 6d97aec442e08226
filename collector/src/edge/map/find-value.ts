import type { DocumentPath, PathStep, PathValue, StepTest } from "@throughline/schemas/pack/document-path";
import type { NativeDocument, NativeNode, Separators } from "../formats/document.ts";

/** A record of a document: the node that an event is made of, and the ones around it, outermost first. */
export type Scope = readonly NativeNode[];

/** Formats whose names are unambiguous, so that what a record lacks is looked for around it. */
const DELIMITED = new Set<string>(["x12", "hl7v2", "idoc"]);

const NONE: readonly NativeNode[] = [];
const FEW = 6;

/** The children of nodes that have many, by name. */
const indexes = new WeakMap<NativeNode, Map<string, NativeNode[]>>();

function childrenNamed(node: NativeNode, name: string): readonly NativeNode[] {
  const { children } = node;
  if (children.length === 0) return NONE;
  if (children.length <= FEW) return children.filter((child) => child.name === name);
  let index = indexes.get(node);
  if (index === undefined) {
    index = Map.groupBy(children, (child) => child.name);
    indexes.set(node, index);
  }
  return index.get(name) ?? NONE;
}

/** The value at a path, unescaped and trimmed; undefined when there is none. */
export function findValue(document: NativeDocument, scope: Scope, path: DocumentPath): string | undefined {
  if (path.from === "control") return toText(document.control[path.steps[0]?.name ?? ""]);
  if (path.from === "root") return findFrom(document, document.root, path);
  const looksAround = path.from === "outer" || DELIMITED.has(document.format);
  for (let at = scope.length - 1; at >= 0; at--) {
    const node = scope[at];
    if (node === undefined) continue;
    const value = findFrom(document, node, path);
    // What the record itself should have is not taken from its neighbours.
    if (value !== undefined || !looksAround || isNamed(document, node, path.steps[0])) return value;
  }
  return undefined;
}

/** Nodes below `node` that a step names, each with the nodes around it, in the order of the document. */
export function listRecords(document: NativeDocument, scope: Scope, step: PathStep): Scope[] {
  const found: Scope[] = [];
  const visit = (around: Scope, node: NativeNode) => {
    const here = [...around, node];
    if (node.name === step.name && fits(document, node, step.test)) found.push(here);
    for (const child of node.children) visit(here, child);
  };
  for (const child of scope.at(-1)?.children ?? []) visit(scope, child);
  return found;
}

function isNamed(document: NativeDocument, node: NativeNode, step: PathStep | undefined): boolean {
  return step !== undefined && node.name === step.name && fits(document, node, step.test);
}

function findFrom(document: NativeDocument, node: NativeNode, path: DocumentPath): string | undefined {
  const [first, ...rest] = path.steps;
  if (first === undefined) return undefined;
  if (isNamed(document, node, first)) {
    const own = findBelow(document, [node], { steps: rest, value: path.value });
    if (own !== undefined) return own;
  }
  return findBelow(document, [node], path);
}

function findBelow(
  document: NativeDocument,
  nodes: readonly NativeNode[],
  { steps, value, test }: { steps: readonly PathStep[]; value: PathValue; test?: StepTest | undefined },
): string | undefined {
  const [step, ...rest] = steps;
  for (const node of nodes) {
    if (test !== undefined && !fits(document, node, test)) continue;
    const found =
      step === undefined
        ? readValue(node, value, document.separators)
        : findBelow(document, childrenNamed(node, step.name), { steps: rest, value, test: step.test });
    if (found !== undefined) return found;
  }
  return undefined;
}

export function fits(document: NativeDocument, node: NativeNode, test: StepTest | undefined): boolean {
  if (test === undefined) return true;
  const { on, values } = test;
  if (on.kind === "child")
    return node.children.some((child) => child.name === on.name && isAmong(toText(child.text), values));
  const value: PathValue = on.kind === "attribute" ? on : { kind: "element", at: on.at, component: 0, subcomponent: 0 };
  return isAmong(readValue(node, value, document.separators), values);
}

/** A value of a test may begin with `*`: then the end has to be equal. */
function isAmong(value: string | undefined, wanted: readonly string[]): boolean {
  return wanted.some((one) => (one.startsWith("*") ? (value ?? "").endsWith(one.slice(1)) : one === (value ?? "")));
}

function readValue(node: NativeNode, value: PathValue, separators: Separators | undefined): string | undefined {
  if (value.kind === "text") return toText(node.text);
  if (value.kind === "attribute") return toText(node.attributes?.[value.name]);
  const { elements } = node;
  if (elements === undefined) return undefined;
  if (value.kind === "qualified") return findQualified(elements, value.qualifier);
  const element = elements[value.at];
  if (element === undefined) return undefined;
  if (separators === undefined) return toText(element);
  return readElementText(element, value, separators);
}

/** X12 names what a value is by a qualifier right before it: `N4*00093415573`. */
function findQualified(elements: readonly string[], qualifier: string): string | undefined {
  for (let at = 1; at < elements.length - 1; at++) {
    if (elements[at] !== qualifier) continue;
    const value = toText(elements[at + 1]);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Of an element's first repetition, all or a component, unescaped. */
export function readElementText(
  element: string,
  at: { component: number; subcomponent: number },
  separators: Separators,
): string | undefined {
  return toText(readElement(element, at, separators));
}

function readElement(element: string, at: { component: number; subcomponent: number }, separators: Separators): string {
  const text = cutElement(element, at, separators);
  return separators.escape === "" ? text : unescape(text, separators);
}

/** Of an element's first repetition, all or a component, as written. */
export function cutElement(
  element: string,
  at: { component: number; subcomponent: number },
  separators: Separators,
): string {
  let text = cut(element, separators.repetition, 1);
  if (at.component > 0) text = cut(text, separators.component, at.component);
  if (at.subcomponent > 0) text = cut(text, separators.subcomponent, at.subcomponent);
  return text;
}

function cut(text: string, separator: string, number: number): string {
  if (separator === "" || !text.includes(separator)) return number === 1 ? text : "";
  return text.split(separator, number)[number - 1] ?? "";
}

/** HL7 v2 escapes: the separators themselves, and hexadecimal bytes; formatting is left out. */
function unescape(text: string, separators: Separators): string {
  const { escape } = separators;
  if (!text.includes(escape)) return text;
  const pieces = text.split(escape);
  return pieces
    .map((piece, index) => (index % 2 === 0 || index === pieces.length - 1 ? piece : toSign(piece, separators)))
    .join("");
}

function toSign(code: string, separators: Separators): string {
  const signs: Record<string, string> = {
    S: separators.component,
    T: separators.subcomponent,
    R: separators.repetition,
    E: separators.escape,
    F: separators.element,
  };
  if (/^X([0-9A-F]{2})+$/i.test(code)) return Buffer.from(code.slice(1), "hex").toString("latin1");
  return signs[code] ?? "";
}

function toText(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === "" ? undefined : text;
}
