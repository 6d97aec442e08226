import type { PathValue, StepTest } from "@throughline/schemas/pack/document-path";
import type { NativeNode, Separators } from "../formats/document.ts";

/** Whether a node has what a test asks for. */
export function fits(node: NativeNode, test: StepTest | undefined, separators: Separators | undefined): boolean {
  if (test === undefined) return true;
  const { on, values } = test;
  if (on.kind === "element") return isAmong(readElement(node, { ...WHOLE, at: on.at }, separators), values);
  if (on.kind === "attribute") return isAmong(toText(node.attributes?.[on.name]), values);
  for (const child of node.children) if (child.name === on.name && isAmong(toText(child.text), values)) return true;
  return false;
}

const WHOLE = { component: 0, subcomponent: 0 };

/** A value of a test may begin with `*`: then the end has to be equal. */
function isAmong(value = "", wanted: readonly string[]): boolean {
  for (const one of wanted) if (one === value || (one.startsWith("*") && value.endsWith(one.slice(1)))) return true;
  return false;
}

/** The value of a node, unescaped and trimmed; undefined when there is none. */
export function readValue(node: NativeNode, value: PathValue, separators: Separators | undefined): string | undefined {
  if (value.kind === "text") return toText(node.text);
  if (value.kind === "attribute") return toText(node.attributes?.[value.name]);
  if (value.kind === "element") return readElement(node, value, separators);
  return node.elements === undefined ? undefined : findQualified(node.elements, value.qualifier);
}

function readElement(
  { elements }: NativeNode,
  value: ElementPart & { at: number },
  separators: Separators | undefined,
): string | undefined {
  const element = elements?.[value.at];
  if (element === undefined || element === "") return undefined;
  if (separators === undefined) return toText(element);
  // Where a component is asked for that has parts meanwhile, its first part is what it was before.
  const subcomponent = value.component > 0 ? Math.max(1, value.subcomponent) : 0;
  return readElementText(element, { component: value.component, subcomponent }, separators);
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

interface ElementPart {
  component: number;
  subcomponent: number;
}

/** Of an element's first repetition, all or a component, unescaped. */
export function readElementText(element: string, at: ElementPart, separators: Separators): string | undefined {
  const text = cutElement(element, at, separators);
  return toText(separators.escape === "" ? text : unescape(text, separators));
}

/** Of an element's first repetition, all or a component, as written. */
export function cutElement(element: string, at: ElementPart, separators: Separators): string {
  let text = cut(element, separators.repetition, 1);
  if (at.component > 0) text = cut(text, separators.component, at.component);
  if (at.subcomponent > 0) text = cut(text, separators.subcomponent, at.subcomponent);
  return text;
}

function cut(text: string, separator: string, number: number): string {
  if (separator === "") return number === 1 ? text : "";
  let start = 0;
  for (let skipped = 1; skipped < number; skipped++) {
    const at = text.indexOf(separator, start);
    if (at === -1) return "";
    start = at + separator.length;
  }
  const end = text.indexOf(separator, start);
  return end === -1 ? text.slice(start) : text.slice(start, end);
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

/** Trimmed; undefined where nothing remains. */
export function toText(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  return text === "" ? undefined : text;
}
