import type { EdgeInterface } from "../config/edge-config.ts";
import { createDocumentMapper } from "../map/document-mapper.ts";
import type { EdgeParts } from "../run/edge-parts.ts";
import { selectMappings } from "../run/parse-unit.ts";
import { withAttributes } from "../run/with-attributes.ts";
import type { LiveCrosswalks } from "../way-back/tower-crosswalks.ts";
import type { WaitingInterface } from "./start-waiting.ts";

/** How documents of an interface that wait for crosswalks are mapped again. */
export function toWaitingInterface(
  config: EdgeInterface,
  { pack, policy }: Pick<EdgeParts, "pack" | "policy">,
  crosswalks: LiveCrosswalks,
): WaitingInterface {
  const mapper = createDocumentMapper({ ...pack, mappings: selectMappings(pack, config) }, policy, crosswalks);
  const { zone, source, site } = config;
  return {
    map: ({ document, context, raw }, revision) => {
      const mapped = mapper.map({ ...document, id: document.id }, { zone, source, site, ...context, revision });
      return { ...mapped, events: mapped.events.map((event) => withAttributes(event, raw)) };
    },
    knows: crosswalks.knows,
    version: crosswalks.current,
    reason: () =>
      crosswalks.version() === 0
        ? "The crosswalks of this edge were completed"
        : `The crosswalks were completed, as of version ${crosswalks.version()} of the tower`,
    kindOf: (table) => pack.crosswalks.find(({ name }) => name === table)?.kind ?? "",
  };
}
