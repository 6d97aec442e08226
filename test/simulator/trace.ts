import { type ServiceSpan, SPAN_KINDS, STATUS_ERROR, toAttributes, toNanoseconds } from "./otlp.ts";
import type { Random } from "./random.ts";

/** A step of a trace, placed in milliseconds after the trace's start. */
export interface Step {
  service: string;
  name: string;
  kind: keyof typeof SPAN_KINDS;
  /** Index of the step that it belongs to; none for the first one. */
  parent?: number;
  at: number;
  lasts: number;
  attributes?: Record<string, string | number | string[]>;
  /** Business objects that it concerns. */
  objects?: readonly (readonly [type: string, id: string])[];
  /** Why it failed. */
  error?: string;
}

export interface Trace {
  spans: ServiceSpan[];
  endsAt: number;
  /** The context of a step, for the event that the step sends. */
  traceparent(step: number): string;
}

/** Makes the spans of a trace from its steps; ids come from `random` and nothing else. */
export function createTrace(random: Random, place: { site: string; startsAt: number }, steps: readonly Step[]): Trace {
  const traceId = random.hex(32);
  const ids = steps.map(() => random.hex(16));
  const spans = steps.map((step, index) => {
    const parentId = step.parent === undefined ? undefined : ids[step.parent];
    return toServiceSpan(step, place, { traceId, spanId: ids[index] ?? "", parentId });
  });
  return {
    spans,
    endsAt: place.startsAt + Math.max(...steps.map(({ at, lasts }) => at + lasts)),
    traceparent: (step) => `00-${traceId}-${ids[step] ?? ids[0]}-01`,
  };
}

function toServiceSpan(
  step: Step,
  place: { site: string; startsAt: number },
  ids: { traceId: string; spanId: string; parentId: string | undefined },
): ServiceSpan {
  const start = place.startsAt + step.at;
  const end = start + step.lasts;
  const objects = toObjectAttributes(step.objects ?? []);
  const exception = toAttributes({ "exception.type": "ServiceUnavailable", "exception.message": step.error ?? "" });
  return {
    service: step.service,
    site: place.site,
    span: {
      traceId: ids.traceId,
      spanId: ids.spanId,
      ...(ids.parentId === undefined ? {} : { parentSpanId: ids.parentId }),
      name: step.name,
      kind: SPAN_KINDS[step.kind],
      startTimeUnixNano: toNanoseconds(start),
      endTimeUnixNano: toNanoseconds(end),
      attributes: toAttributes({ ...step.attributes, ...objects }),
      events:
        step.error === undefined
          ? []
          : [{ timeUnixNano: toNanoseconds(end), name: "exception", attributes: exception }],
      status: step.error === undefined ? {} : { code: STATUS_ERROR, message: step.error },
    },
  };
}

/** One attribute for each type of object: the id, or all of them when there are more. */
function toObjectAttributes(
  objects: readonly (readonly [type: string, id: string])[],
): Record<string, string | string[]> {
  const byType = Map.groupBy(objects, ([type]) => type);
  return Object.fromEntries(
    [...byType].map(([type, pairs]) => {
      const ids = pairs.map(([, id]) => id);
      return [`throughline.object.${type}`, ids.length === 1 ? (ids[0] ?? "") : ids];
    }),
  );
}
