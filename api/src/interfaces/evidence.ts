import type { InterfaceDefinition } from "@throughline/schemas/pack/interface";
import type { TimeRange } from "../contract/figure.ts";
import type { Asker, StoreReader } from "../queries/ask.ts";
import { type CertificateRow, listCertificates } from "../queries/list-certificates.ts";
import { type EventTrafficRow, listEventTraffic } from "../queries/list-event-traffic.ts";
import {
  type SpanTrafficRow,
  type SpanVersionRow,
  listSpanTraffic,
  listSpanVersions,
} from "../queries/list-span-traffic.ts";
import type { TrafficMoment } from "../queries/traffic-then.ts";
import { ownsEvents, ownsSpans } from "./traffic-of.ts";

/** What traffic shows of the interfaces; `events`, `calls` count within a range, the rest stands over all time. */
export interface Evidence {
  events: EventTrafficRow[];
  calls: SpanTrafficRow[];
  spanVersions: SpanVersionRow[];
  certificates: CertificateRow[];
}

/** A certificate that no traffic has shown for so long is taken for gone. */
const CERTIFICATE_MEMORY_MS = 30 * 86_400_000;

const END_OF_TIME = Date.parse("2199-12-31T00:00:00Z");

export async function readEvidence(
  reader: StoreReader,
  asker: Asker,
  { range, now, moment }: { range: TimeRange; now: number; moment: TrafficMoment | undefined },
): Promise<Evidence> {
  const [events, calls, spanVersions, certificates] = await Promise.all([
    listEventTraffic(reader, asker, { range, moment }),
    listSpanTraffic(reader, asker, { range, moment }),
    listSpanVersions(reader, asker, moment),
    listCertificates(reader, asker, {
      since: now - CERTIFICATE_MEMORY_MS,
      until: moment === undefined ? END_OF_TIME : now,
    }),
  ]);
  return { events, calls, spanVersions, certificates };
}

/** The part of the evidence that belongs to one interface. */
export function selectEvidence(evidence: Evidence, { traffic }: Pick<InterfaceDefinition, "traffic">): Evidence {
  return {
    events: evidence.events.filter((row) => ownsEvents(traffic, row)),
    calls: evidence.calls.filter((row) => ownsSpans(traffic, row)),
    spanVersions: evidence.spanVersions.filter((row) => ownsSpans(traffic, row)),
    certificates: evidence.certificates.filter((row) =>
      row.source === "" ? ownsSpans(traffic, row) : ownsEvents(traffic, row),
    ),
  };
}
