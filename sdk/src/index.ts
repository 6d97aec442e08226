export type {
  AttributeValue,
  CanonicalObjectType,
  Criticality,
  ErrorClass,
  EventContent,
  EventError,
  EventInput,
  EventType,
  Measure,
  ObjectRef,
  Outcome,
  Reversal,
  SentEvent,
} from "./event.ts";
export type { HeartbeatOptions } from "./lifecycle/heartbeat.ts";
export { createConsoleExporter } from "./exporters/console-exporter.ts";
export type { EncodedEvent, Exporter, ExporterStats } from "./exporters/exporter.ts";
export { type MemoryExporter, createMemoryExporter } from "./exporters/memory-exporter.ts";
export type { DropReason, Problem, Stats } from "./problem.ts";
export { classifyError } from "./steps/classify-error.ts";
export { StepError } from "./steps/step-error.ts";
export type { SpanInput, SpanScope } from "./steps/span-scope.ts";
export type { Step, StepEnd, StepInput } from "./steps/step.ts";
export { type Throughline, type ThroughlineOptions, createThroughline } from "./throughline.ts";
export type { GatewayAddress } from "./tracing/own-tracing.ts";
