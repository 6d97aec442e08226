import type { FlowDraft } from "./flow-draft.ts";
import { suggest } from "./nearest.ts";
import type { PackIssue } from "./pack-issue.ts";
import type { YamlFile } from "./yaml-file.ts";

/** The links of a flow lead away from its anchor, reach everything they name, and never come back. */
export function checkLinks(file: YamlFile, flow: FlowDraft, objectTypes: readonly string[]): PackIssue[] {
  return [
    ...checkDeclared(file, flow, objectTypes),
    ...checkRepeated(file, flow),
    ...checkReach(file, flow),
    ...checkCycles(file, flow),
  ];
}

function checkDeclared(file: YamlFile, flow: FlowDraft, objectTypes: readonly string[]): PackIssue[] {
  const named = [
    { path: ["anchor"], type: flow.anchor },
    ...flow.links.flatMap((link, index) => [
      { path: ["links", index, "from"], type: link.from },
      { path: ["links", index, "to"], type: link.to },
    ]),
  ];
  return named.flatMap(({ path, type }) => {
    if (type === undefined || objectTypes.includes(type)) return [];
    const hint = suggest(type, objectTypes) ?? "declare it in objects.yaml";
    return [file.issueAt(path, `"${type}" is not an object type that objects.yaml declares`, { hint })];
  });
}

function checkRepeated(file: YamlFile, flow: FlowDraft): PackIssue[] {
  const seen = new Set<string>();
  return flow.links.flatMap(({ from, to }, index) => {
    if (from === undefined || to === undefined) return [];
    if (from === to) return [file.issueAt(["links", index], `the link leads from "${from}" to itself`)];
    const link = `${from} ${to}`;
    if (seen.has(link)) return [file.issueAt(["links", index], `the link from "${from}" to "${to}" stands here twice`)];
    seen.add(link);
    return [];
  });
}

function checkReach(file: YamlFile, flow: FlowDraft): PackIssue[] {
  const { anchor } = flow;
  if (anchor === undefined) return [];
  const reached = new Set([anchor]);
  // A type added while the set is walked is walked too.
  for (const type of reached)
    for (const link of flow.links) if (link.from === type && link.to !== undefined) reached.add(link.to);
  return flow.links.flatMap(({ from }, index) => {
    if (from === undefined || reached.has(from)) return [];
    const hint = suggest(from, [...reached]);
    return [file.issueAt(["links", index, "from"], `no link leads from the anchor "${anchor}" to "${from}"`, { hint })];
  });
}

/** Each link that closes a circle, in the order of the file; without those links there is none. */
function checkCycles(file: YamlFile, flow: FlowDraft): PackIssue[] {
  const next = new Map<string, string[]>();
  return flow.links.flatMap(({ from, to }, index) => {
    if (from === undefined || to === undefined || from === to) return [];
    const way = findWay(next, to, from);
    if (way !== undefined) {
      const circle = [from, ...way].join(" → ");
      return [
        file.issueAt(["links", index], `the links go round in a circle: ${circle}`, {
          hint: "links lead away from the anchor only",
        }),
      ];
    }
    next.set(from, [...(next.get(from) ?? []), to]);
    return [];
  });
}

function findWay(next: ReadonlyMap<string, string[]>, start: string, goal: string): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[start, undefined]]);
  for (const type of cameFrom.keys()) {
    if (type === goal) break;
    for (const following of next.get(type) ?? []) if (!cameFrom.has(following)) cameFrom.set(following, type);
  }
  if (!cameFrom.has(goal)) return undefined;
  const way: string[] = [];
  for (let type: string | undefined = goal; type !== undefined; type = cameFrom.get(type)) way.unshift(type);
  return way;
}
