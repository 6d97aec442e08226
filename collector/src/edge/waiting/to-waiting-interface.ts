import type { EdgeInterface } from "../config/edge-config.ts";
import { createControlTracker } from "../formats/x12/control-tracker.ts";
import type { CrosswalkSet } from "../map/crosswalk-set.ts";
import { createDocumentMapper } from "../map/document-mapper.ts";
import type { EdgeParts } from "../run/edge-parts.ts";
import { createUnitParser, selectMappings } from "../run/parse-unit.ts";
import { withAttributes } from "../run/with-attributes.ts";
import { visitKeptUnits } from "../uses/visit-kept-units.ts";
import type { LiveCrosswalks } from "../way-back/tower-crosswalks.ts";
import type { MapAgain } from "./map-again.ts";
import type { WaitingInterface } from "./waiting-interface.ts";

type Parts = Pick<EdgeParts, "pack" | "policy" | "directory" | "secret">;

/** How documents of an interface that wait for crosswalks, or used one that was replaced, are mapped again. */
export function toWaitingInterface(config: EdgeInterface, parts: Parts, crosswalks: LiveCrosswalks): WaitingInterface {
  const { pack } = parts;
  return {
    map: createMapAgain(config, parts, crosswalks),
    mapAsUsed: createMapAsUsed(config, parts, crosswalks),
    visitKept: (identities, visit) =>
      visitKeptUnits(parts, { config, identities }, async (identity, stream) => {
        const [layout = {}] = selectMappings(pack, config);
        const parse = createUnitParser(config.format, { tracker: createControlTracker(), layout });
        for await (const { document, position } of parse(stream, { isMessage: false }))
          if (document !== undefined) await visit(identity, position.ordinal, document);
      }),
    translate: ({ table, value, day, site }) => {
      const result = crosswalks.translate(table, value, { time: day, site });
      return result.kind === "found" ? result.value : undefined;
    },
    knows: crosswalks.knows,
    version: crosswalks.current,
    number: crosswalks.version,
    reason: () =>
      crosswalks.version() === 0
        ? "The crosswalks of this edge were completed"
        : `The crosswalks were completed, as of version ${crosswalks.version()} of the tower`,
    kindOf: (table) => pack.crosswalks.find(({ name }) => name === table)?.kind ?? "",
  };
}

/** Maps a document by what crosswalks said of it when it was told last. */
function createMapAsUsed(
  config: EdgeInterface,
  parts: Parts,
  crosswalks: LiveCrosswalks,
): WaitingInterface["mapAsUsed"] {
  let said: ReadonlyMap<string, string> = new Map();
  const toKey = (...names: readonly string[]) => names.join(" ");
  const translate: CrosswalkSet["translate"] = (table, value, at) => {
    const to = said.get(toKey(table, value, at.time.slice(0, 10), at.site ?? ""));
    return to === undefined ? crosswalks.translate(table, value, at) : { kind: "found", value: to };
  };
  const map = createMapAgain(config, parts, { names: crosswalks.names, knows: crosswalks.knows, translate });
  return (waiting) => {
    said = new Map(waiting.used.map(({ table, value, day, site = "", to }) => [toKey(table, value, day, site), to]));
    return map(waiting, undefined);
  };
}

function createMapAgain(config: EdgeInterface, { pack, policy }: Parts, crosswalks: CrosswalkSet): MapAgain {
  const mapper = createDocumentMapper({ ...pack, mappings: selectMappings(pack, config) }, policy, crosswalks);
  const { zone, source, site } = config;
  return ({ document, context, raw }, revision) => {
    const mapped = mapper.map({ ...document, id: document.id }, { zone, source, site, ...context, revision });
    return { ...mapped, events: mapped.events.map((event) => withAttributes(event, raw)) };
  };
}
