import { AppError } from "@throughline/schemas/error";
import type { TraceDetail } from "../contract/trace-detail.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { listEventsOfTrace, MAX_TRACE_EVENTS } from "../queries/list-events-of-trace.ts";
import { listSpans } from "../queries/list-spans.ts";
import { foldEvents } from "./fold-events.ts";
import { addMilestones, type MilestoneFinder } from "./milestones.ts";
import { toWaterfall } from "./waterfall.ts";

const MAX_SPANS = 5000;

/** The spans and events of a trace. Throws `not_found` when the asker may see neither. */
export async function getTrace(
  { reader, asker, findMilestones }: { reader: StoreReader; asker: Asker; findMilestones: MilestoneFinder },
  traceId: string,
): Promise<TraceDetail> {
  const [spanRows, eventRows] = await Promise.all([
    listSpans(reader, asker, { traceIds: [traceId], limit: MAX_SPANS }),
    listEventsOfTrace(reader, asker, traceId),
  ]);
  if (spanRows.length === 0 && eventRows.length === 0)
    throw new AppError("not_found", `Nothing is known here of trace ${traceId}.`);
  const spans = toWaterfall(spanRows);
  return {
    traceId,
    startedAt: spans.find(({ offsetNs }) => offsetNs === 0)?.startedAt ?? null,
    durationNs: spans.reduce((end, { offsetNs, durationNs }) => Math.max(end, offsetNs + durationNs), 0),
    services: [...new Set(spans.map(({ service }) => service))],
    spans,
    events: addMilestones(foldEvents(eventRows), findMilestones),
    isTruncated: spanRows.length >= MAX_SPANS || eventRows.length >= MAX_TRACE_EVENTS,
  };
}
