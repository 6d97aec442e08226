import { context, propagation } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { settleWithin } from "../delivery/settle-within.ts";

/** Where the gateway is and which key opens it. */
export interface GatewayAddress {
  /** Such as `https://gateway.hospital.example:4318`. */
  url: string;
  /** A key with the role `ingest`. */
  key: string;
}

export interface OwnTracing {
  provider: TracerProvider;
  flush(timeoutMs: number): Promise<boolean>;
  shutdown(timeoutMs: number): Promise<boolean>;
}

const EXPORT_TIMEOUT_MS = 10_000;
const MAX_QUEUED_SPANS = 4096;
const SPAN_LIMITS = {
  attributeCountLimit: 64,
  attributeValueLengthLimit: 2048,
  eventCountLimit: 32,
  linkCountLimit: 32,
};

/**
 * Spans for a host without OpenTelemetry: batched, gzipped, sent to the gateway. Context follows asynchronous calls and
 * travels in W3C headers, unless the host has set up its own ways. Throws when the address is no URL.
 */
export function startOwnTracing({ url, key }: GatewayAddress, serviceName: string): OwnTracing {
  const exporter = new OTLPTraceExporter({
    url: new URL("v1/traces", url.endsWith("/") ? url : `${url}/`).href,
    headers: { authorization: `Bearer ${key}` },
    timeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const processor = new BatchSpanProcessor({
    exporter,
    maxQueueSize: MAX_QUEUED_SPANS,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": serviceName }),
    spanProcessors: [processor],
    spanLimits: SPAN_LIMITS,
  });
  const release = registerContext();
  return {
    provider,
    flush: (timeoutMs) => settleWithin(provider.forceFlush(), timeoutMs),
    shutdown: async (timeoutMs) => {
      const isDone = await settleWithin(provider.shutdown(), timeoutMs);
      release();
      return isDone;
    },
  };
}

/** Takes only what nobody has taken, and returns what gives it back. */
function registerContext(): () => void {
  const manager = new AsyncLocalStorageContextManager().enable();
  const hasContext = context.setGlobalContextManager(manager);
  if (!hasContext) manager.disable();
  const hasPropagation =
    propagation.fields().length === 0 &&
    propagation.setGlobalPropagator(
      new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
    );
  return () => {
    if (hasContext) context.disable();
    if (hasPropagation) propagation.disable();
  };
}
