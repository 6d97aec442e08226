import { interfaceDefinition } from "@throughline/schemas/pack/interface";
import { at } from "../rows.fixture.ts";

const COMMON = {
  systems: { from: "A", to: "B" },
  protocol: "HTTPS",
  owner: "Me",
  approver: "You",
  criticality: "high",
  latencyClass: "event",
  fallback: "Call.",
};

/** Interfaces of an API and of files, one with changes of which only the first is approved. */
export const INTERFACES = [
  {
    ...COMMON,
    id: "api",
    title: "API",
    contract: { name: "Item API", version: "2", versionIn: "span" },
    cadence: { every: "PT1H" },
    traffic: { services: ["item-master"], routes: ["/v*"] },
  },
  {
    ...COMMON,
    id: "edi",
    title: "Acknowledgements",
    systems: { from: "Suppliers", to: "B" },
    contract: { name: "X12 855", version: "005010", versionIn: "dataschema" },
    cadence: { every: "PT1H" },
    criticality: "critical",
    traffic: { sources: ["/edi/*"], types: ["supplier.purchase_order.acknowledged"] },
    changes: [
      { title: "To 8010", from: at(100), until: at(120), version: "008010", approvedBy: "You" },
      { title: "To 9010", from: at(100), until: at(120), version: "009010" },
    ],
  },
  {
    ...COMMON,
    id: "never",
    title: "Never",
    contract: { name: "File", version: "1", versionIn: "attribute" },
    cadence: { every: "PT1H" },
    traffic: { types: ["test.file.sent"] },
  },
  {
    ...COMMON,
    id: "seldom",
    title: "Seldom",
    contract: { name: "File", version: "3", versionIn: "attribute" },
    cadence: "on-demand",
    traffic: { types: ["test.file.received"] },
  },
].map((entry) => interfaceDefinition.parse(entry));

interface CallSketch {
  minute: number;
  client: string;
  status?: number;
  route?: string;
  left?: number;
  retry?: string;
  site?: string;
}

/** A row of `otel_traces`: a call that the item master answered. */
export function toCall(id: number, sketch: CallSketch): object {
  const { minute, client, status = 200, route = "/v2/items/{ndc}", left, retry, site = "north" } = sketch;
  return {
    Timestamp: at(minute),
    TraceId: "a".repeat(32),
    SpanId: String(id).padStart(16, "0"),
    SpanName: `GET ${route}`,
    SpanKind: "Server",
    ServiceName: "item-master",
    ResourceAttributes: { "throughline.site": site, "throughline.domain": "erp" },
    SpanAttributes: {
      "http.request.method": "GET",
      "http.response.status_code": String(status),
      "http.route": route,
      "user_agent.original": `${client}/4.2.1 (node)`,
      ...(left !== undefined && {
        "http.response.header.x-ratelimit-limit": '["100"]',
        "http.response.header.x-ratelimit-remaining": `["${left}"]`,
      }),
      ...(retry !== undefined && { "http.response.header.retry-after": `["${retry}"]` }),
      "tls.server.not_after": "2026-03-20T00:00:00.000Z",
      "tls.server.subject": "CN=items.example",
    },
  };
}
