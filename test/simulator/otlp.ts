/** What the OTLP/JSON encoding of spans needs here; times in nanoseconds as text, ids in hex. */
export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: OtlpAttribute[];
  events: { timeUnixNano: string; name: string; attributes: OtlpAttribute[] }[];
  status: { code?: number; message?: string };
}

export interface OtlpAttribute {
  key: string;
  value: OtlpValue | { arrayValue: { values: OtlpValue[] } };
}

type OtlpValue = { stringValue: string } | { intValue: string };

/** A span and the service that it belongs to. */
export interface ServiceSpan {
  service: string;
  site: string;
  span: OtlpSpan;
}

export const SPAN_KINDS = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
export const STATUS_ERROR = 2;

/** The body of a request to `/v1/traces`. */
export function toTracesRequest(spans: readonly ServiceSpan[]): object {
  const groups = Map.groupBy(spans, ({ service, site }) => `${service}\u0000${site}`);
  return {
    resourceSpans: [...groups.values()].map((group) => ({
      resource: { attributes: toResource(group[0]?.service ?? "", group[0]?.site ?? "") },
      scopeSpans: [{ scope: { name: "throughline-demo", version: "1" }, spans: group.map(({ span }) => span) }],
    })),
  };
}

export function toAttributes(values: Record<string, string | number | string[]>): OtlpAttribute[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: Array.isArray(value) ? { arrayValue: { values: value.map(toValue) } } : toValue(value),
  }));
}

function toValue(value: string | number): OtlpValue {
  return typeof value === "number" ? { intValue: String(value) } : { stringValue: value };
}

export function toNanoseconds(at: number): string {
  return `${Math.round(at)}000000`;
}

/** Whose seat watches a service, where it is not procurement. */
const DOMAINS: Readonly<Record<string, string>> = { "pharmacy-api": "pharmacy", erp: "erp", receiving: "receiving" };

function toResource(service: string, site: string): OtlpAttribute[] {
  return toAttributes({
    "service.name": service,
    "service.version": "4.2.1",
    "deployment.environment.name": "demo",
    "host.name": `${service}-${site}-0`,
    "throughline.site": site,
    "throughline.domain": DOMAINS[service] ?? "procurement",
  });
}
