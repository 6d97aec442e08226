import {
  type Context,
  INVALID_SPAN_CONTEXT,
  type Span,
  type SpanOptions,
  type Tracer,
  type TracerProvider,
  isSpanContextValid,
  trace,
} from "@opentelemetry/api";
import type { Problem } from "../problem.ts";
import { type GatewayAddress, type OwnTracing, startOwnTracing } from "./own-tracing.ts";

const TRACER_NAME = "@throughline/sdk";

/** Where spans come from. */
export interface Tracing {
  /** Finds the tracer provider, if that is not done. */
  start(): void;
  startSpan(name: string, options: SpanOptions, parent: Context): Span;
  /** False when spans of our own were not exported in time. */
  flush(timeoutMs: number): Promise<boolean>;
  shutdown(timeoutMs: number): Promise<boolean>;
}

export interface TracingOptions {
  tracing: "auto" | "off" | TracerProvider;
  serviceName: string;
  gateway: GatewayAddress | undefined;
  report: (problem: Omit<Problem, "count">) => void;
}

/**
 * Takes the tracer provider that the host has registered by the time of `start` or the first step. Where there is none, spans
 * go to the gateway through a provider of our own, which is not registered globally.
 */
export function createTracing(options: TracingOptions): Tracing {
  let own: OwnTracing | undefined;
  let tracer: Tracer | undefined;
  let isFound = false;
  const find = (): Tracer | undefined => {
    const { tracing, gateway } = options;
    if (tracing === "off") return undefined;
    if (tracing !== "auto") return tracing.getTracer(TRACER_NAME);
    const registered = trace.getTracer(TRACER_NAME);
    if (gateway === undefined || isRegistered(registered)) return registered;
    own = startOwnTracing(gateway, options.serviceName);
    return own.provider.getTracer(TRACER_NAME);
  };
  const start = () => {
    if (isFound) return;
    isFound = true;
    try {
      tracer = find();
    } catch (error) {
      options.report({ code: "tracing", message: `No spans are made: ${String(error)}` });
    }
  };
  return {
    start,
    startSpan: (name, spanOptions, parent) => {
      start();
      return tracer?.startSpan(name, spanOptions, parent) ?? toSilentSpan(parent);
    },
    flush: async (timeoutMs) => own?.flush(timeoutMs) ?? true,
    shutdown: async (timeoutMs) => own?.shutdown(timeoutMs) ?? true,
  };
}

/** A registered provider gives its spans an identity. The probe is never ended, so it is never exported. */
function isRegistered(tracer: Tracer): boolean {
  return isSpanContextValid(tracer.startSpan("probe", { root: true }).spanContext());
}

/** Records nothing and hands the parent's identity on. */
function toSilentSpan(parent: Context): Span {
  return trace.wrapSpanContext(trace.getSpanContext(parent) ?? INVALID_SPAN_CONTEXT);
}
