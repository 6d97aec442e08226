import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";
import { z } from "zod";

const eventSchema = z.object({
  source: z.string(),
  type: z.string(),
  traceparent: z.string().optional(),
  sequence: z.string().optional(),
  data: z.looseObject({}),
});
const valueSchema = z.looseObject({
  stringValue: z.string().optional(),
  intValue: z.union([z.number(), z.string()]).optional(),
  arrayValue: z.object({ values: z.array(z.object({ stringValue: z.string() })) }).optional(),
});
const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  attributes: z.array(z.object({ key: z.string(), value: valueSchema })),
  status: z.object({ code: z.number().optional(), message: z.string().optional() }),
});
const requestSchema = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })) })),
});
const KINDS = ["", "internal", "server", "client", "producer", "consumer"];

export interface SinkSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  /** With its kind before it: `server POST /orders`. */
  name: string;
  attributes: Record<string, unknown>;
  isError: boolean;
  message: string | undefined;
}

export interface Sink {
  url: string;
  events: z.infer<typeof eventSchema>[];
  spans: SinkSpan[];
  close(): Promise<void>;
}

/** A gateway that takes everything and keeps it to look at. */
export async function startSink(): Promise<Sink> {
  const events: Sink["events"] = [];
  const spans: SinkSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const given: unknown = JSON.parse(
        (request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString(),
      );
      if (request.url === "/v1/traces") {
        spans.push(...readSpans(given));
        response.writeHead(200, { "content-type": "application/json" }).end("{}");
        return;
      }
      const taken = z.array(eventSchema).parse(given);
      events.push(...taken);
      response.writeHead(202).end(JSON.stringify({ accepted: taken.length, refused: 0 }));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    events,
    spans,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function readSpans(given: unknown): SinkSpan[] {
  const { resourceSpans } = requestSchema.parse(given);
  const all = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
  return all.map(({ traceId, spanId, parentSpanId, name, kind, attributes, status }) => ({
    traceId,
    spanId,
    parentSpanId: parentSpanId === "" ? undefined : parentSpanId,
    name: `${KINDS[kind]} ${name}`,
    attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, readValue(value)])),
    isError: status.code === 2,
    message: status.message,
  }));
}

function readValue({ stringValue, intValue, arrayValue }: z.infer<typeof valueSchema>): unknown {
  if (arrayValue !== undefined) return arrayValue.values.map((item) => item.stringValue);
  return stringValue ?? (intValue === undefined ? undefined : Number(intValue));
}
