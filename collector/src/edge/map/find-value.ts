import type { DocumentPath, PathStep, PathValue } from "@throughline/schemas/pack/document-path";
import type { NativeDocument, NativeNode } from "../formats/document.ts";
import { fits, readValue, toText } from "./read-value.ts";

/** A record of a document: the node that an event is made of, and the ones around it, outermost first. */
export type Scope = readonly NativeNode[];

/** The value at a path, unescaped and trimmed; undefined when there is none. */
export type ValueFinder = (document: NativeDocument, scope: Scope) => string | undefined;

/** Formats whose names are unambiguous, so that what a record lacks is looked for around it. */
const DELIMITED = new Set<string>(["x12", "hl7v2", "idoc"]);

const MANY = 16;

/** The children of nodes that have many, by name. */
const indexes = new WeakMap<NativeNode, Map<string, readonly NativeNode[]>>();

/** Children among which are all of that name. */
function listCandidates(node: NativeNode, name: string): readonly NativeNode[] {
  const { children } = node;
  if (children.length <= MANY) return children;
  let index = indexes.get(node);
  if (index === undefined) {
    index = Map.groupBy(children, (child) => child.name);
    indexes.set(node, index);
  }
  return index.get(name) ?? [];
}

export function compilePath(path: DocumentPath): ValueFinder {
  const [first] = path.steps;
  const name = first?.name ?? "";
  if (path.from === "control") return (document) => toText(document.control[name]);
  const below = toWay(path, 0);
  const own = below.next ?? below;
  const findFrom = (document: NativeDocument, node: NativeNode, isOwn: boolean): string | undefined =>
    (isOwn ? descend(document, node, own) : undefined) ?? descend(document, node, below);
  if (path.from === "root")
    return (document) => findFrom(document, document.root, isNamed(document, document.root, first));
  const look = (document: NativeDocument, node: NativeNode): Look => {
    const isOwn = isNamed(document, node, first);
    return { node, isOwn, value: findFrom(document, node, isOwn) };
  };
  const looks: Look[] = [];
  let format: string | undefined;
  let looksAround = false;
  return (document, scope) => {
    if (document.format !== format) {
      format = document.format;
      looksAround = path.from === "outer" || DELIMITED.has(format);
    }
    for (let at = scope.length - 1; at >= 0; at--) {
      const node = scope[at];
      if (node === undefined) continue;
      let found = looks[at];
      if (found?.node !== node) {
        found = look(document, node);
        looks[at] = found;
      }
      // What the record itself should have is not taken from its neighbours.
      if (found.value !== undefined || !looksAround || found.isOwn) return found.value;
    }
    return undefined;
  };
}

/** What was found at a node. The records of a document have the same nodes around them, one record after the other. */
interface Look {
  node: NativeNode;
  isOwn: boolean;
  value: string | undefined;
}

/** Nodes below `node` that a step names, each with the nodes around it, in the order of the document. */
export function listRecords(document: NativeDocument, scope: Scope, step: PathStep): Scope[] {
  const found: Scope[] = [];
  const around = [...scope];
  const visit = (node: NativeNode) => {
    around.push(node);
    if (isNamed(document, node, step)) found.push([...around]);
    for (const child of node.children) visit(child);
    around.pop();
  };
  for (const child of scope.at(-1)?.children ?? []) visit(child);
  return found;
}

function isNamed({ separators }: NativeDocument, node: NativeNode, step: PathStep | undefined): boolean {
  return step !== undefined && node.name === step.name && fits(node, step.test, separators);
}

/** The steps of a path that are left; at the end of it there is none. */
interface Way {
  step: PathStep | undefined;
  next: Way | undefined;
  value: PathValue;
}

function toWay(path: DocumentPath, depth: number): Way {
  const step = path.steps[depth];
  return { step, next: step === undefined ? undefined : toWay(path, depth + 1), value: path.value };
}

/** The value at the end of the first way down from a node that has one. */
function descend(document: NativeDocument, node: NativeNode, { step, next, value }: Way): string | undefined {
  if (step === undefined || next === undefined) return readValue(node, value, document.separators);
  for (const child of listCandidates(node, step.name)) {
    if (!isNamed(document, child, step)) continue;
    const found = descend(document, child, next);
    if (found !== undefined) return found;
  }
  return undefined;
}
