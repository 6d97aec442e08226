import type { TracerProvider } from "@opentelemetry/api";
import { ALLOWED_ATTRIBUTES, createAllowList } from "./encode/allow-list.ts";
import { createEncoder } from "./encode/encode-event.ts";
import type { CanonicalObjectType, EventInput } from "./event.ts";
import type { Exporter } from "./exporters/exporter.ts";
import { handleExit } from "./lifecycle/handle-exit.ts";
import { type Heartbeat, type HeartbeatOptions, createHeartbeat } from "./lifecycle/heartbeat.ts";
import type { DeliveryOptions } from "./delivery/gateway-exporter.ts";
import { chooseExporter } from "./exporters/choose-exporter.ts";
import { DROP_REASONS, type Problem, type Stats } from "./problem.ts";
import { type Report, createDropCounts, createReport } from "./problems.ts";
import { readErrorName } from "./steps/error-name.ts";
import { type SpanInput, type SpanScope, startSpan } from "./steps/span-scope.ts";
import { type Step, type StepInput, type StepParts, startStep, withStep } from "./steps/step.ts";
import type { GatewayAddress } from "./tracing/own-tracing.ts";
import { type Tracing, createTracing } from "./tracing/tracing.ts";

export interface ThroughlineOptions<T extends string = never> extends DeliveryOptions {
  /** The system that speaks, such as `/procurement/north`: 1 to 512 characters, the same after each restart. */
  source: string;
  /** The hospital or place that its events belong to, unless one says otherwise. */
  site?: string;
  /** Where events and spans go. */
  gateway?: GatewayAddress;
  /** Where events go instead. */
  exporter?: Exporter;
  /** Types of objects that your pack declares beside the canonical ones. */
  objectTypes?: readonly T[];
  /** Names of attributes that may be sent beside the usual ones; `name*` allows all that begin so. */
  allowAttributes?: readonly string[];
  /** Changes each event before anything of it is kept; undefined holds it back. When it fails, the event is dropped. */
  redact?: (event: EventInput<string>) => EventInput<string> | undefined;
  /**
   * Types of objects whose ids a step or span hands on in W3C baggage to whom the host calls. None unless given, since whoever is
   * called reads them.
   */
  carryObjects?: readonly (CanonicalObjectType | T)[];
  /** Sends the texts of thrown errors. Off unless set: such a text may name a patient. */
  sendErrorText?: boolean;
  /** `auto`, the default: the host's OpenTelemetry if there is one, else one of our own. */
  tracing?: "auto" | "off" | TracerProvider;
  /** The name of the service in spans of our own tracing; the source unless given. */
  serviceName?: string;
  /**
   * Says every minute that the source is alive and up to when it is complete, from the first minute after `start` on. False for
   * a source of which several processes speak: none of them knows what the others still have. Without a gateway, only when given.
   */
  heartbeat?: false | HeartbeatOptions;
  /**
   * Numbers the events in `sequence`, from 1 at each start, so that what is lost on the way is found. Only for a source of which a single
   * process speaks at a time.
   */
  sequence?: boolean;
  /** Delivers what is left when the process ends by itself or by SIGINT, SIGTERM or SIGHUP. On unless false. */
  handleExit?: boolean;
  /** Hears of what went wrong, at most once a second for each kind. OpenTelemetry's `diag` does unless given. */
  onProblem?: (problem: Problem) => void;
}

/** What a host works with. None of its functions throws or blocks. */
export interface Throughline<T extends string = never> {
  /** As it was given in the options. */
  readonly source: string;
  /** Begins to deliver. What is emitted before waits in the queue. */
  start(): void;
  /** Takes an event. Returns its id, or undefined when it was dropped, which is counted and told. */
  emit(event: EventInput<T>): string | undefined;
  /** Begins a step: a span now, and at its end an event. */
  startStep(input: StepInput<T>): Step<T>;
  /** Runs `work` as a step that fails when `work` throws; what it throws passes through. */
  withStep<R>(input: StepInput<T>, work: (step: Step<T>) => R | Promise<R>): Promise<R>;
  /** Begins a span without an event: for requests, messages and queries. */
  startSpan(input: SpanInput<T>): SpanScope;
  /** Resolves to true when all that was emitted before is delivered, to false when the time is over. 10 s unless given. */
  flush(timeoutMs?: number): Promise<boolean>;
  /** Flushes and ends. What is emitted later is dropped. */
  shutdown(timeoutMs?: number): Promise<boolean>;
  stats(): Stats;
  /** What went to an exporter that keeps it; empty for any other. */
  emitted(): readonly ReturnType<NonNullable<Exporter["events"]>>[number][];
}

const FLUSH_TIMEOUT_MS = 10_000;

/**
 * Makes the SDK for one source. It never throws: with options that cannot work it drops and counts everything, and says so.
 */
export function createThroughline<const T extends string = never>(options: ThroughlineOptions<T>): Throughline<T> {
  const now = Date.now;
  const report = createReport({ listener: options.onProblem, now });
  const exporter = options.exporter ?? chooseExporter(options, { report, now });
  const { gateway, site } = options;
  const serviceName = options.serviceName ?? options.source;
  const tracing = createTracing({ tracing: options.tracing ?? "auto", serviceName, gateway, report });
  const emitter = createEmitter(options, { exporter, report, now });
  const guard: StepParts["guard"] = (work, otherwise) => {
    try {
      return work();
    } catch (error) {
      report({ code: "tracing", message: `A step could not be recorded: ${readErrorName(error)}` });
      return otherwise;
    }
  };
  const heartbeat = chooseHeartbeat(options, { ...emitter, now });
  const carried = new Set<string>(options.carryObjects);
  const parts = { tracing, emit: emitter.emit, guard, sendErrorText: options.sendErrorText ?? false, site, carried };
  return {
    source: options.source,
    emit: emitter.emit,
    stats: emitter.stats,
    startStep: (input) => startStep(parts, input),
    withStep: (input, work) => withStep(parts, input, work),
    startSpan: (input) => startSpan(parts, input),
    emitted: () => exporter.events?.() ?? [],
    ...createLifecycle({ exporter, tracing, heartbeat, handlesExit: options.handleExit ?? true }),
  };
}

function chooseHeartbeat(
  { heartbeat, exporter }: Pick<ThroughlineOptions, "heartbeat" | "exporter">,
  parts: Parameters<typeof createHeartbeat>[1],
): Heartbeat | undefined {
  if (heartbeat === false || (heartbeat === undefined && exporter !== undefined)) return undefined;
  return createHeartbeat(heartbeat ?? {}, parts);
}

function createLifecycle(parts: {
  exporter: Exporter;
  tracing: Tracing;
  heartbeat: Heartbeat | undefined;
  handlesExit: boolean;
}): Pick<Throughline, "start" | "flush" | "shutdown"> {
  const { exporter, tracing, heartbeat, handlesExit } = parts;
  const both = async (events: Promise<boolean>, spans: Promise<boolean>) => {
    const [hasEvents, hasSpans] = await Promise.all([events, spans]);
    return hasEvents && hasSpans;
  };
  const flush = (timeoutMs = FLUSH_TIMEOUT_MS) => both(exporter.flush(timeoutMs), tracing.flush(timeoutMs));
  let stopHandling: (() => void) | undefined;
  return {
    start: () => {
      if (handlesExit) stopHandling ??= handleExit({ flush, saveAtExit: () => exporter.saveAtExit() });
      tracing.start();
      exporter.start();
      heartbeat?.start();
    },
    flush,
    shutdown: async (timeoutMs = FLUSH_TIMEOUT_MS) => {
      heartbeat?.stop();
      const isDone = await both(exporter.shutdown(timeoutMs), tracing.shutdown(timeoutMs));
      stopHandling?.();
      return isDone;
    },
  };
}

function createEmitter(
  options: ThroughlineOptions<string>,
  parts: { exporter: Exporter; report: Report; now: () => number },
): { emit: (event: EventInput<string>) => string | undefined; stats: () => Stats } {
  const { exporter, report, now } = parts;
  const tally = { removedAttributes: 0, clippedTexts: 0 };
  const dropped = createDropCounts();
  const isAllowed = createAllowList([...ALLOWED_ATTRIBUTES, ...(options.allowAttributes ?? [])]);
  const { source, site, redact } = options;
  const isNumbered = options.sequence ?? false;
  const encode = createEncoder({ source, site, redact, isAllowed, isNumbered, tally, now });
  let emitted = 0;
  const emit = (input: EventInput<string>) => {
    emitted++;
    const encoded = encode(input);
    if (encoded.ok) return exporter.take(encoded.event) ? encoded.event.id : undefined;
    const { reason, message } = encoded;
    dropped[reason]++;
    report({ code: "dropped", reason, message: `An event was dropped: ${message}` });
    return undefined;
  };
  const stats = (): Stats => {
    const found = exporter.stats();
    const all = { ...dropped };
    for (const reason of DROP_REASONS) all[reason] += found.dropped[reason] ?? 0;
    return { ...found, ...tally, emitted: emitted + found.recovered, dropped: all };
  };
  return { emit, stats };
}
