import type { Pack } from "@throughline/schemas/pack/flow";
import { toFlowModels } from "../projections/legs/flow-model.ts";
import type { ObjectKey } from "../queries/list-events-of-objects.ts";

/** What the flows of a pack say of how objects hang together. */
export interface FlowLinks {
  /** True when a flow declares a link from the one type to the other. */
  isDeclared(fromType: string, toType: string): boolean;
  /** For each flow that knows any of them, those of the objects that lie nearest to its anchor. */
  listNearest(objects: readonly ObjectKey[]): ObjectKey[][];
  anchors: ReadonlySet<string>;
  /** All types that flows or the pack name. */
  types: readonly string[];
  titleOf(type: string): string;
}

export function createFlowLinks(pack: Pack): FlowLinks {
  const flows = [...pack.flows.values()];
  const models = toFlowModels(pack);
  const declared = new Set(flows.flatMap(({ links }) => links.map(({ from, to }) => `${from}>${to}`)));
  const titles = new Map(pack.objectTypes.map(({ type, title }) => [type, title]));
  return {
    isDeclared: (fromType, toType) => declared.has(`${fromType}>${toType}`),
    listNearest: (objects) =>
      models.flatMap(({ levels }) => {
        const known = objects.filter(({ type }) => levels.has(type));
        const nearest = Math.min(...known.map(({ type }) => levels.get(type) ?? Infinity));
        return known.length === 0 ? [] : [known.filter(({ type }) => levels.get(type) === nearest)];
      }),
    anchors: new Set(flows.map(({ anchor }) => anchor)),
    types: [...new Set([...titles.keys(), ...models.flatMap(({ levels }) => Array.from(levels.keys()))])].toSorted(),
    titleOf: (type) => titles.get(type) ?? type.replaceAll("_", " "),
  };
}
