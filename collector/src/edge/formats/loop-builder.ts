import type { NativeNode } from "./document.ts";
import type { FindingList } from "./finding-list.ts";

/** How the segments of a document lie in one another. */
export interface LoopRules {
  /** Segments that open a loop, by depth: a loop ends where another of its depth or above begins. */
  opens: Readonly<Record<string, number>>;
  /** Segments that end the loops of this depth and below. */
  closes: Readonly<Record<string, number>>;
}

type Branch = NativeNode & { children: NativeNode[] };

interface Loop {
  node: Branch;
  depth: number;
}

interface Builder {
  root: Loop;
  /** From the root to the innermost loop. */
  open: Loop[];
  /** What is open inside of each HL segment, by its number. */
  levels: Map<string, Loop[]>;
}

/** Puts segments into their loops. HL segments of X12 nest by the numbers of their parents. */
export function createLoopBuilder(
  name: string,
  rules: LoopRules,
  { findings, depth }: { findings: FindingList; depth: number },
) {
  const root: Loop = { node: { name, children: [] }, depth: 0 };
  const builder: Builder = { root, open: [root], levels: new Map() };
  const addNode = (node: Branch) => {
    const { name: segment } = node;
    const closes = Object.hasOwn(rules.closes, segment) ? rules.closes[segment] : undefined;
    const opens = Object.hasOwn(rules.opens, segment) ? rules.opens[segment] : undefined;
    if (closes !== undefined) close(builder, closes);
    if (segment === "HL") addLevel(builder, node, { findings, depth });
    else if (opens === undefined) append(builder, node);
    else {
      close(builder, opens);
      push(builder, node, opens);
    }
  };
  return {
    add: (elements: readonly string[]) => addNode({ name: elements[0] ?? "", elements, children: [] }),
    /** A segment that is read already, with what it holds itself. */
    addNode,
    root: root.node,
  };
}

function close(builder: Builder, depth: number): void {
  builder.open = builder.open.filter((loop) => loop.depth < depth);
}

function append(builder: Builder, node: NativeNode): void {
  (builder.open.at(-1) ?? builder.root).node.children.push(node);
}

function push(builder: Builder, node: Branch, depth: number): void {
  append(builder, node);
  builder.open = [...builder.open, { node, depth }];
}

function addLevel(builder: Builder, node: Branch, limits: { findings: FindingList; depth: number }): void {
  const [, id = "", parent = ""] = node.elements ?? [];
  const above = parent === "" ? [builder.root] : builder.levels.get(parent);
  const place = /^\d{1,12}$/.test(id) ? `HL ${id}` : "HL";
  const isTooDeep = (above?.length ?? 0) >= limits.depth;
  if (above === undefined)
    limits.findings.add(
      "unknown_parent",
      place,
      "names a parent that is not before it; read as a child of the document",
    );
  if (isTooDeep) limits.findings.add("depth", place, `lies deeper than ${limits.depth} levels`);
  builder.open = above === undefined || isTooDeep ? [builder.root] : above;
  push(builder, node, builder.open.length);
  builder.levels.set(id, builder.open);
}
