import {
  type Context,
  INVALID_SPAN_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  context,
  trace,
} from "@opentelemetry/api";
import { readObjects } from "../carriers/objects.ts";
import type { EventContent, EventError, EventInput, EventType, Outcome } from "../event.ts";
import type { Tracing } from "../tracing/tracing.ts";
import { classifyError, readMessage } from "./classify-error.ts";
import { readParent } from "./read-parent.ts";
import { setObjects, withCarried } from "./span-objects.ts";

/** A step as it begins: the event that it will be, without how it ends. */
export interface StepInput<T extends string = never> extends Omit<EventInput<T>, "outcome" | "error" | "time"> {
  /** Of the span; the type of the event unless given. */
  name?: string;
  kind?: SpanKind;
  /** What the span belongs to; the active context unless given. */
  parent?: Context;
}

/** What is known only when a step ends; objects, measures and attributes are added to the earlier ones. */
export type StepEnd<T extends string = never> = Omit<EventContent<T>, "attempt" | "revision">;

/** A span and the milestone that it leads to. Ending it a second time does nothing. */
export interface Step<T extends string = never> {
  readonly span: Span;
  /** The context in which the span is active, to run and to send messages in. */
  readonly context: Context;
  /** Adds objects, measures and attributes to the event, and the objects to the span. */
  add(more: Pick<EventContent<T>, "objects" | "measures" | "attributes">): void;
  /** Runs a function with the span active. What it throws passes through. */
  run<R>(work: () => R): R;
  /** Ends span and event, with outcome `ok` unless told otherwise. Returns the event's id, or undefined when it was dropped. */
  end(how?: StepEnd<T>): string | undefined;
  /** Ends both with what was thrown, or with an error in words of the event; outcome `failed` unless told otherwise. */
  fail(error: unknown, how?: { outcome?: Exclude<Outcome, "ok"> }): string | undefined;
}

export interface StepParts {
  tracing: Tracing;
  emit: (event: EventInput<string>) => string | undefined;
  /** Runs what must not fail its caller: what it throws is told, and the second argument stands in. */
  guard: <R>(work: () => R, otherwise: R) => R;
  /** Texts of errors that are not ours are sent. */
  sendErrorText: boolean;
  site: string | undefined;
  /** Types of objects whose ids go on in baggage. */
  carried: ReadonlySet<string>;
}

/** Of what has no type; its event is dropped as invalid. */
const UNTYPED: EventType = "..";

export function startStep<T extends string>(parts: StepParts, input: StepInput<T>): Step<T> {
  const { guard, emit } = parts;
  const copy = guard<Partial<StepInput<T>>>(() => ({ ...input }), {});
  const { name, kind, parent: _, type = UNTYPED, ...content } = copy;
  const given = { ...content, type };
  const outer = readParent(input);
  const silent = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
  const open = () => parts.tracing.startSpan(name ?? given.type, { kind: kind ?? SpanKind.INTERNAL }, outer);
  const span = guard(open, silent);
  const received = guard(() => readObjects(outer), []);
  const carrying = guard(() => withCarried(outer, given.objects, parts.carried), outer);
  const active = trace.setSpan(carrying, span);
  let event: EventInput<string> = given;
  let isEnded = false;
  const add = (more: EventContent<string>) => {
    event = merge(event, more);
    setObjects(span, event.objects, received);
  };
  const finish = (how: EventContent<string>): string | undefined => {
    if (isEnded) return undefined;
    isEnded = true;
    guard(() => {
      event = merge(event, how);
      setObjects(span, event.objects, received);
      describe(span, event, parts.site);
    }, undefined);
    guard(() => span.end(), undefined);
    return context.with(active, () => emit(event));
  };
  guard(() => setObjects(span, event.objects, received), undefined);
  return {
    span,
    context: active,
    add: (more) => guard(() => add(more), undefined),
    run: (work) => context.with(active, work),
    end: (how = {}) => finish(guard<EventContent<string>>(() => ({ outcome: "ok", ...how }), { outcome: "ok" })),
    fail: (error, how = {}) =>
      finish(guard(() => toFailure(error, how.outcome ?? "failed", parts.sendErrorText), { outcome: "failed" })),
  };
}

/** Runs `work` as a step: it ends `ok` when `work` returns and `failed` when it throws, which passes through. */
export async function withStep<T extends string, R>(
  parts: StepParts,
  input: StepInput<T>,
  work: (step: Step<T>) => R | Promise<R>,
): Promise<R> {
  const step = startStep(parts, input);
  try {
    const result = await step.run(() => work(step));
    step.end();
    return result;
  } catch (error) {
    step.fail(error);
    throw error;
  }
}

function merge(event: EventInput<string>, more: EventContent<string>): EventInput<string> {
  const merged = { ...event, ...more };
  if (event.objects && more.objects) merged.objects = [...event.objects, ...more.objects];
  if (event.measures && more.measures) merged.measures = { ...event.measures, ...more.measures };
  if (event.attributes && more.attributes) merged.attributes = { ...event.attributes, ...more.attributes };
  return merged;
}

function describe(span: Span, event: EventInput<string>, usualSite: string | undefined) {
  const { outcome, error, attempt, site = usualSite } = event;
  if (site !== undefined) span.setAttribute("throughline.site", site);
  span.setAttribute("throughline.event.type", event.type);
  if (outcome !== undefined) span.setAttribute("throughline.outcome", outcome);
  if (attempt !== undefined) span.setAttribute("throughline.attempt", attempt);
  if (outcome === undefined || outcome === "ok") return;
  if (error !== undefined) span.setAttribute("error.type", error.code ?? error.class);
  span.setStatus({ code: SpanStatusCode.ERROR, ...(error?.message !== undefined && { message: error.message }) });
}

function toFailure(error: unknown, outcome: Outcome, withText: boolean): EventContent<string> {
  const known = isEventError(error) ? error : classifyError(error, withText);
  if (known !== undefined) return { outcome, error: known };
  const reason = withText ? readMessage(error) : undefined;
  return reason === undefined ? { outcome } : { outcome, reason };
}

/** An error in words of the event, given by the host; anything that was thrown is an `Error` and is not taken as it is. */
function isEventError(error: unknown): error is EventError {
  return typeof error === "object" && error !== null && !(error instanceof Error) && "class" in error;
}
