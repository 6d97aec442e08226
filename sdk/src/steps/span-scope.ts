import {
  type Attributes,
  type Context,
  INVALID_SPAN_CONTEXT,
  type Link,
  type Span,
  SpanKind,
  SpanStatusCode,
  context,
  trace,
} from "@opentelemetry/api";
import { readObjects } from "../carriers/objects.ts";
import type { ObjectRef } from "../event.ts";
import { classifyError, readMessage } from "./classify-error.ts";
import { readParent } from "./read-parent.ts";
import { setObjects, withCarried } from "./span-objects.ts";
import type { StepParts } from "./step.ts";

/** A request, a message or a query: what makes a span and no event. */
export interface SpanInput<T extends string = never> {
  name: string;
  kind?: SpanKind;
  /** What the span belongs to; the active context unless given. */
  parent?: Context;
  links?: readonly Link[];
  attributes?: Attributes;
  objects?: readonly ObjectRef<T>[];
}

/** A span and the context in which it is active. Ending it a second time does nothing. */
export interface SpanScope {
  readonly span: Span;
  readonly context: Context;
  /** Runs a function with the span active. What it throws passes through. */
  run<R>(work: () => R): R;
  end(): void;
  /** Ends it with what was thrown. Its text is left out unless `sendErrorText` is set. */
  fail(error: unknown): void;
}

export function startSpan(parts: StepParts, input: SpanInput<string>): SpanScope {
  const { guard, tracing, site } = parts;
  const outer = readParent(input);
  const received = guard(() => readObjects(outer), []);
  const open = () => {
    const { name, kind = SpanKind.INTERNAL, attributes = {}, links = [] } = input;
    return tracing.startSpan(name, { kind, attributes, links: [...links] }, outer);
  };
  const span = guard(open, trace.wrapSpanContext(INVALID_SPAN_CONTEXT));
  const carrying = guard(() => withCarried(outer, input.objects, parts.carried), outer);
  const active = trace.setSpan(carrying, span);
  let isEnded = false;
  const finish = (close: () => void) => {
    if (isEnded) return;
    isEnded = true;
    guard(close, undefined);
    guard(() => span.end(), undefined);
  };
  guard(() => {
    setObjects(span, input.objects, received);
    if (site !== undefined) span.setAttribute("throughline.site", site);
  }, undefined);
  return {
    span,
    context: active,
    run: (work) => context.with(active, work),
    end: () => finish(() => undefined),
    fail: (error) => finish(() => setError(span, error, parts.sendErrorText)),
  };
}

function setError(span: Span, error: unknown, withText: boolean) {
  const known = classifyError(error, withText);
  const message = withText ? readMessage(error) : undefined;
  span.setAttribute("error.type", known?.code ?? readCode(error) ?? known?.class ?? "_OTHER");
  span.setStatus({ code: SpanStatusCode.ERROR, ...(message !== undefined && { message }) });
}

/** Such as a SQLSTATE: a word, never a text. */
function readCode(error: unknown): string | undefined {
  const code: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" && /^[\w.-]{1,64}$/.test(code) ? code : undefined;
}
