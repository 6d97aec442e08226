import type { Journey, JourneyObject } from "@throughline/api/contract";

export interface TreeNode {
  object: JourneyObject;
  children: TreeNode[];
}

type Graph = Journey["objects"];

/**
 * The objects of a journey as a tree along their links, from what began it. An object that more than one leads to stands
 * under the first of them; every object stands exactly once.
 */
export function toObjectTree(graph: Graph): TreeNode[] {
  const nodes = new Map(graph.nodes.map((node) => [nameOf(node), node]));
  const childrenOf = Map.groupBy(graph.links, ({ from }) => nameOf(from));
  const hasParent = new Set(graph.links.filter(({ from }) => nodes.has(nameOf(from))).map(({ to }) => nameOf(to)));
  const placed = new Set<string>();
  const grow = (object: JourneyObject): TreeNode => {
    placed.add(nameOf(object));
    const children: TreeNode[] = [];
    for (const { to } of childrenOf.get(nameOf(object)) ?? []) {
      const child = nodes.get(nameOf(to));
      if (child !== undefined && !placed.has(nameOf(child))) children.push(grow(child));
    }
    return { object, children };
  };
  const roots = graph.nodes.filter((node) => !hasParent.has(nameOf(node))).map(grow);
  for (const node of graph.nodes) if (!placed.has(nameOf(node))) roots.push(grow(node));
  return roots;
}

function nameOf(object: { type: string; id: string }): string {
  return `${object.type}\n${object.id}`;
}
