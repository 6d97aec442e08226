import { z } from "zod";
import { instant } from "../text.ts";
import { duration, word } from "./flow-words.ts";
import { CRITICALITIES, LATENCY_CLASSES } from "./flow.ts";

/** Where traffic names the version of the contract that it follows. */
export const VERSION_PLACES = ["dataschema", "attribute", "span"] as const;

const name = z.string().min(1).max(80);
const version = z.string().min(1).max(64);
const pattern = z.string().min(1).max(512).meta({ description: "A name, or the start of names ending in *." });
const patterns = z.array(pattern).min(1).max(50).optional();

export const interfaceTraffic = z
  .strictObject({
    sources: patterns.meta({ description: "Events of these sources; none: of any, where `types` are given." }),
    types: patterns.meta({ description: "Events of these types; none: of any, where `sources` are given." }),
    services: patterns.meta({ description: "Spans of these services." }),
    peers: patterns.meta({ description: "Spans whose server address or destination is one of these." }),
    routes: patterns.meta({ description: "Spans of these routes." }),
  })
  .meta({
    id: "InterfaceTraffic",
    description:
      "Which traffic belongs to an interface: events by source and type, spans by service, peer and route; all that are given must fit.",
  });

const contract = z.strictObject({
  name: name.meta({ description: "The document or API, such as X12 850." }),
  version: version.meta({ description: "The version that is agreed." }),
  accepted: z.array(version).max(50).default([]).meta({ description: "Further versions that may be seen." }),
  versionIn: z.enum(VERSION_PLACES).meta({
    description:
      "dataschema: behind the last slash of the event's dataschema; attribute: its attribute schema_version; span: the API version that the span names.",
  }),
});

const cadence = z.union([
  z.literal("on-demand"),
  z.strictObject({
    every: duration.meta({ description: "The longest time between two pieces of traffic." }),
    calendar: word.optional().meta({ description: "Only working time of this calendar counts." }),
  }),
]);

const plannedChange = z.strictObject({
  title: z.string().min(1).max(200),
  from: instant,
  until: instant,
  version: version.optional().meta({ description: "The version that may be seen from its start on." }),
  approvedBy: z.string().min(1).max(120).optional().meta({ description: "Without a name it is only proposed." }),
});

export const interfaceDefinition = z
  .strictObject({
    id: word,
    title: name,
    systems: z.strictObject({ from: name, to: name }),
    protocol: name,
    contract,
    owner: z.string().min(1).max(120),
    approver: z.string().min(1).max(120).meta({ description: "Who agrees to changes of the contract." }),
    criticality: z.enum(CRITICALITIES),
    latencyClass: z.enum(LATENCY_CLASSES),
    cadence,
    traffic: interfaceTraffic,
    rateLimitReservePercent: z.number().min(0).max(100).default(10).meta({
      description: "Share of the allowed calls that should stay unused.",
    }),
    fallback: z.string().min(1).max(4000).meta({ description: "What people do while it is away." }),
    changes: z.array(plannedChange).max(200).default([]),
  })
  .meta({ id: "InterfaceDefinition", description: "An integration point between two systems, as it was agreed." });

export type InterfaceDefinition = z.infer<typeof interfaceDefinition>;

/** True when a value is the pattern, or starts as a pattern that ends in `*` does. */
export function fitsPattern(value: string, candidate: string): boolean {
  return candidate.endsWith("*") ? value.startsWith(candidate.slice(0, -1)) : value === candidate;
}
