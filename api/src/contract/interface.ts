import { CRITICALITIES, LATENCY_CLASSES } from "@throughline/schemas/pack/flow";
import { interfaceTraffic, VERSION_PLACES } from "@throughline/schemas/pack/interface";
import { instant, text } from "@throughline/schemas/text";
import { z } from "@hono/zod-openapi";
import { queryInstant, rangeQuery, timeRange } from "./figure.ts";
import { listOf, page, pageQuery } from "./page.ts";

/**
 * `kept`: traffic came within the cadence. `late`: none came for longer than that. `unseen`: none was ever seen.
 * `on-demand`: silence means nothing.
 */
export const CADENCE_STATES = ["kept", "late", "unseen", "on-demand"] as const;

export const FINDING_KINDS = [
  "cadence",
  "unseen",
  "version-drift",
  "unversioned",
  "certificate",
  "authentication",
  "throttled",
  "rate-limit",
] as const;

export const interfaceFinding = z
  .object({
    kind: z.enum(FINDING_KINDS),
    severity: z.enum(CRITICALITIES),
    message: z.string(),
    subject: z.string().meta({ description: "The version, client or certificate that it is about; empty where none." }),
    count: z.int().nullable().meta({ description: "Events or calls of the range; null where nothing is counted." }),
    firstSeenAt: instant.nullable(),
    lastSeenAt: instant.nullable(),
    change: z.string().nullable().meta({ description: "The approved change that it falls into." }),
  })
  .meta({ id: "InterfaceFinding", description: "Something about an interface that is not as it was agreed." });

export const interfaceSummary = z
  .object({
    id: z.string(),
    title: z.string(),
    systems: z.object({ from: z.string(), to: z.string() }),
    protocol: z.string(),
    contract: z.object({
      name: z.string(),
      version: z.string(),
      accepted: z.array(z.string()),
      versionIn: z.enum(VERSION_PLACES),
    }),
    owner: z.string(),
    approver: z.string(),
    criticality: z.enum(CRITICALITIES),
    latencyClass: z.enum(LATENCY_CLASSES),
    cadence: z.object({
      state: z.enum(CADENCE_STATES),
      everyMs: z.int().nullable(),
      calendar: z.string().nullable(),
      lastTrafficAt: instant.nullable(),
      dueAt: instant.nullable().meta({ description: "When the next traffic is late; null where nothing is expected." }),
    }),
    events: z.int(),
    calls: z.int(),
    failed: z.int().meta({ description: "Calls that were answered with 400 or more." }),
    refused: z.int().meta({ description: "Calls that were answered with 401 or 403." }),
    throttled: z.int().meta({ description: "Calls that were answered with 429, or with 503 and a time to wait." }),
    leastHeadroomPercent: z.number().nullable().meta({ description: "The least that was left of a rate limit." }),
    findings: z.array(interfaceFinding),
    isPartial: z.boolean().meta({ description: "Counted from the sites and domains of the reader only." }),
    href: z.string(),
  })
  .meta({ id: "InterfaceSummary", description: "An integration point, what was agreed, and what is seen of it." });

const seenVersion = z.object({
  version: z.string(),
  place: z.string().meta({ description: "What named it: dataschema, attribute, header, route." }),
  isAgreed: z.boolean(),
  count: z.int(),
  firstSeenAt: instant,
  lastSeenAt: instant,
});

const apiUse = z.object({
  client: z.string(),
  version: z.string(),
  status: z.int().meta({ description: "0 where the call has none, as on a queue." }),
  calls: z.int(),
  isThrottled: z.boolean(),
  rateLimit: z.int().nullable(),
  leastHeadroomPercent: z.number().nullable(),
  longestRetryAfterSeconds: z.int().nullable(),
  firstSeenAt: instant,
  lastSeenAt: instant,
});

const trafficHour = z.object({
  at: instant,
  events: z.int(),
  calls: z.int(),
  failed: z.int(),
  refused: z.int(),
  throttled: z.int(),
  leastHeadroomPercent: z.number().nullable(),
});

const certificate = z.object({
  side: z.enum(["server", "client"]),
  subject: z.string(),
  notAfter: instant,
  daysLeft: z.int().meta({ description: "Whole days; below 0 when it has expired." }),
  firstSeenAt: instant,
  lastSeenAt: instant,
});

const change = z.object({
  title: z.string(),
  from: instant,
  until: instant,
  version: z.string().nullable(),
  approvedBy: z.string().nullable(),
  state: z.enum(["proposed", "planned", "running", "over"]),
});

export const interfaceDetail = interfaceSummary
  .extend({
    range: timeRange,
    traffic: interfaceTraffic,
    rateLimitReservePercent: z.number(),
    fallback: z.string(),
    changes: z.array(change),
    versions: z.array(seenVersion),
    use: z.array(apiUse),
    hours: z.array(trafficHour),
    certificates: z.array(certificate),
  })
  .meta({ id: "InterfaceDetail", description: "An interface with its versions, its API use and its certificates." });

const placeQuery = {
  ...rangeQuery,
  site: listOf(text(128)),
  domain: listOf(text(64)),
  asOf: queryInstant.optional().meta({ description: "What was agreed and had been seen by then." }),
};

export const interfacesQuery = z.strictObject({
  ...placeQuery,
  state: listOf(z.enum(CADENCE_STATES)),
  criticality: listOf(z.enum(CRITICALITIES)),
  finding: listOf(z.enum(FINDING_KINDS)),
  system: listOf(text(80, 1)).meta({ description: "Interfaces from or to a system." }),
  owner: listOf(text(120, 1)),
  q: text(200, 1)
    .optional()
    .meta({ description: "Text that the id, title, systems or contract contain, in any case." }),
  ...pageQuery,
});

export const interfaceQuery = z.strictObject(placeQuery);
export const apiUseQuery = z.strictObject({ ...placeQuery, ...pageQuery });

export const interfacePage = page(interfaceSummary, "Interfaces by id.").meta({ id: "InterfacePage" });
export const apiUsePage = page(apiUse, "Calls by client, version and status.").meta({ id: "ApiUsePage" });

export type InterfaceSummary = z.infer<typeof interfaceSummary>;
export type InterfaceDetail = z.infer<typeof interfaceDetail>;
export type InterfaceFinding = z.infer<typeof interfaceFinding>;
export type InterfacePage = z.infer<typeof interfacePage>;
export type InterfacesQuery = z.infer<typeof interfacesQuery>;
export type InterfaceQuery = z.infer<typeof interfaceQuery>;
export type ApiUse = z.infer<typeof apiUse>;
export type ApiUsePage = z.infer<typeof apiUsePage>;
export type ApiUseQuery = z.infer<typeof apiUseQuery>;
export type SeenVersion = z.infer<typeof seenVersion>;
export type TrafficHour = z.infer<typeof trafficHour>;
export type Certificate = z.infer<typeof certificate>;
export type CadenceState = (typeof CADENCE_STATES)[number];
