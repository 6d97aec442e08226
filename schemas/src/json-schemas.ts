import { z } from "zod";
import { newAccessKey, principal } from "./access.ts";
import { event } from "./event.ts";
import { legVerdict } from "./leg.ts";
import { crosswalk } from "./pack/crosswalk.ts";
import { documentMapping } from "./pack/document-mapping.ts";
import { matchRoutingFile } from "./pack/match-routing.ts";
import { flow, objectTypeDefinition, sourceRule } from "./pack/flow.ts";
import { reconciliation } from "./pack/reconciliation.ts";
import { slo } from "./pack/slo.ts";
import { toleranceProfile, toleranceRule } from "./pack/tolerance.ts";
import { importMapping } from "./pack/import-mapping.ts";
import { interfaceDefinition } from "./pack/interface.ts";

/** The facts that others write or read, by the name of their schema file. */
const FACTS = {
  crosswalk,
  document: documentMapping,
  event,
  flow,
  interface: interfaceDefinition,
  leg: legVerdict,
  mapping: importMapping,
  "match-routing": matchRoutingFile,
  object: objectTypeDefinition,
  reconciliation,
  slo,
  source: sourceRule,
  "tolerance-profile": toleranceProfile,
  "tolerance-rule": toleranceRule,
  key: newAccessKey,
  principal,
};

/**
 * The schemas as JSON Schema 2020-12, by file name below `schemas/json`. They describe what is written, before defaults
 * are filled in; rules between fields are not in them.
 */
export function toJsonSchemas(): Map<string, string> {
  return new Map(
    Object.entries(FACTS).map(([name, schema]) => {
      const document = z.toJSONSchema(schema, { io: "input", target: "draft-2020-12" });
      return [`${name}.schema.json`, `${JSON.stringify(document, null, 2)}\n`];
    }),
  );
}
