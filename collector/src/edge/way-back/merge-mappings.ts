import { isDeepStrictEqual } from "node:util";
import type { DocumentMapping } from "@throughline/schemas/pack/document-mapping";

/**
 * The mappings of an edge with those of the tower in their place. One that would let more leave the site than this edge's own of the same
 * name, or than the allow-list of its format where it has none, is left out and named: what may leave is decided at the site.
 */
export function mergeMappings(
  own: readonly DocumentMapping[],
  tower: readonly DocumentMapping[],
): { mappings: DocumentMapping[]; refused: string[] } {
  const ownByName = new Map(own.map((mapping) => [mapping.name, mapping]));
  const isAllowed = ({ name, format, keep }: DocumentMapping) => {
    const local = ownByName.get(name);
    const allowed = local?.format === format ? local.keep : [];
    return keep.every((entry) => allowed.some((each) => isDeepStrictEqual(each, entry)));
  };
  const taken = new Map(tower.filter(isAllowed).map((mapping) => [mapping.name, mapping]));
  return {
    mappings: [
      ...own.map((mapping) => taken.get(mapping.name) ?? mapping),
      ...tower.filter((mapping) => taken.has(mapping.name) && !ownByName.has(mapping.name)),
    ],
    refused: tower.filter((mapping) => !isAllowed(mapping)).map(({ name }) => name),
  };
}
