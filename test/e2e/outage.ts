/** Feeds of which something is wrong, as `createPack` has their rules. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Lines of a site whose only feed of acknowledgements has fallen silent, and one that was acknowledged before. */
export const BLIND_LINES = ["4500070001/10", "4500070002/10"] as const;
export const SEEN_LINE = "4500070003/10";
export const BLIND_SITE = "harbor";
export const SILENT_FEED = "/edi/HARBOR";
export const NUMBERED_FEED = "/numbered";
export const CLOSED_FEED = "/office";
export const PROMISED_FEED = "/inventory/NORTH";

/** What the feeds sent before `now`: the silent one nothing since, the numbered one not all that it numbered. */
export function createOutage(now: number): object[] {
  const at = (agoMs: number): string => new Date(now - agoMs).toISOString();
  const lines = [...BLIND_LINES, SEEN_LINE];
  return [
    ...lines.map((line) => ({
      ...createEvent("/procurement/harbor", `sent-${line}`, line),
      type: "procurement.purchase_order.issued",
      time: at(3 * HOUR_MS),
      site: BLIND_SITE,
    })),
    {
      ...createEvent(SILENT_FEED, `ack-${SEEN_LINE}`, SEEN_LINE),
      type: "supplier.purchase_order.acknowledged",
      time: at(2 * HOUR_MS),
      site: BLIND_SITE,
    },
    ...[1, 2, 6, 7].map((sequence) => ({
      ...createEvent(NUMBERED_FEED, `numbered-${sequence}`, `45000800${sequence}/10`),
      type: "erp.stock.counted",
      time: at(HOUR_MS),
      sequence: String(sequence),
    })),
    { ...createEvent(CLOSED_FEED, "office-1", "4500090001/10"), type: "erp.stock.counted", time: at(HOUR_MS) },
  ];
}

/** An event from a clock that is two days ahead; it is refused. */
export function createAheadEvent(now: number): object {
  return {
    ...createEvent(NUMBERED_FEED, "ahead", "4500080009/10"),
    type: "erp.stock.counted",
    time: new Date(now + 2 * DAY_MS).toISOString(),
  };
}

function createEvent(source: string, id: string, line: string): object {
  return { specversion: "1.0", id, source, data: { objects: [{ type: "purchase_order_line", id: line }] } };
}
