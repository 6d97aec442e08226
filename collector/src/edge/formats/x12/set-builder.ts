import type { NativeNode } from "../document.ts";
import type { FindingList } from "../finding-list.ts";
import { findLoopRules } from "./loops.ts";

interface Loop {
  node: NativeNode & { children: NativeNode[] };
  depth: number;
}

/** Puts the segments of a transaction set into its loops. */
export function createSetBuilder(set: string, findings: FindingList, limits: { depth: number }) {
  const rules = findLoopRules(set);
  const root: Loop = { node: { name: set, children: [] }, depth: 0 };
  let open: Loop[] = [root];
  const levels = new Map<string, Loop[]>();
  const innermost = () => open.at(-1) ?? root;
  const close = (depth: number) => {
    open = open.filter((loop) => loop.depth < depth);
  };
  const push = (node: Loop["node"], depth: number) => {
    innermost().node.children.push(node);
    open = [...open, { node, depth }];
  };
  const addLevel = (node: Loop["node"]) => {
    const [, id = "", parent = ""] = node.elements ?? [];
    const place = /^\d{1,12}$/.test(id) ? `HL ${id}` : "HL";
    const above = parent === "" ? [root] : levels.get(parent);
    if (above === undefined)
      findings.add("unknown_parent", place, "names a parent that is not before it; read as a child of the document");
    const isTooDeep = (above?.length ?? 0) >= limits.depth;
    if (isTooDeep) findings.add("depth", place, `lies deeper than ${limits.depth} levels`);
    open = above === undefined || isTooDeep ? [root] : above;
    push(node, open.length);
    levels.set(id, open);
  };
  return {
    add: (elements: string[]) => {
      const name = elements[0] ?? "";
      const node = { name, elements, children: [] };
      const closes = rules.closes[name];
      const opens = rules.opens[name];
      if (closes !== undefined) close(closes);
      if (name === "HL") addLevel(node);
      else if (opens === undefined) innermost().node.children.push(node);
      else {
        close(opens);
        push(node, opens);
      }
    },
    root: root.node,
  };
}
