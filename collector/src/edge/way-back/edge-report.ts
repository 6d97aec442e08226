import { createHash } from "node:crypto";
import type { Event } from "@throughline/schemas/event";
import { EDGE_REPORT_TYPE, type ReportKind } from "@throughline/schemas/way-back/manifest";

export interface EdgeReport {
  kind: ReportKind;
  version: number;
  reason: string;
  order?: string;
  documents?: number;
  events?: number;
}

/** What an edge did, as an event of its own. What became of an order has the same id however often it is said. */
export function toReportEvent(
  report: EdgeReport,
  { edge, site, at }: { edge: string; site: string | undefined; at: string },
): Event {
  const { kind, version, order } = report;
  const isOutcome = kind === "order_done" || kind === "order_refused";
  const names = isOutcome
    ? [edge, order]
    : [edge, kind, version, report.reason, at, ...(order === undefined ? [] : [order])];
  const hash = createHash("sha256").update(JSON.stringify(names)).digest("hex").slice(0, 24);
  const isRefusal = kind === "refused" || kind === "order_refused";
  return {
    specversion: "1.0",
    id: `${isOutcome ? "order" : "report"}-${hash}`,
    source: `/edges/${edge}`,
    type: EDGE_REPORT_TYPE,
    time: at,
    ...(site !== undefined && { site }),
    data: { outcome: isRefusal ? "rejected" : "ok", attributes: { edge, ...report } },
  };
}
