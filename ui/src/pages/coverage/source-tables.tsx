import type { BlindWindow, FeedDelivery, NumberGap } from "@throughline/api/contract";
import type { JSX } from "solid-js";
import { useNow } from "../../data/clock.tsx";
import { formatCount, formatNoun } from "../../format/number.ts";
import { formatCoarse } from "../../format/time.ts";
import { SmallTable } from "../../parts/small-table.tsx";
import { Time } from "../../parts/time.tsx";
import { formatGap, sayDelivery } from "./feed-text.ts";

/** The times of which nothing is known, the one that goes on first. */
export function BlindTable(props: { windows: readonly BlindWindow[] }): JSX.Element {
  const now = useNow();
  const lengthMs = (window: BlindWindow) =>
    (window.until === null ? now() : Date.parse(window.until)) - Date.parse(window.from);
  return (
    <SmallTable
      title="Blind: nothing is known of these times"
      rows={props.windows}
      columns={[
        { title: "From", cell: (window) => <Time at={window.from} style="minute" /> },
        {
          title: "Until",
          cell: (window) => (window.until === null ? <b>goes on</b> : <Time at={window.until} style="minute" />),
        },
        { title: "Length", align: "end", cell: (window) => formatCoarse(lengthMs(window)) },
      ]}
    />
  );
}

/** The numbers that never came. */
export function GapTable(props: { gaps: readonly NumberGap[]; missing: number }): JSX.Element {
  return (
    <SmallTable
      title={formatNoun(props.missing, "missing number")}
      rows={props.gaps}
      columns={[
        { title: "Numbers", cell: (gap) => <span class="mono">{formatGap(gap)}</span> },
        { title: "How many", align: "end", cell: ({ first, last }) => formatCount(last - first + 1) },
        { title: "Noticed", align: "end", cell: (gap) => <Time at={gap.noticedAt} style="minute" /> },
        { title: "Numbering", align: "end", cell: (gap) => <span class="quiet">{formatCount(gap.epoch + 1)}</span> },
      ]}
    />
  );
}

/** The batches that were expected, with what came of each. */
export function DeliveryTable(props: { batches: readonly FeedDelivery[] }): JSX.Element {
  return (
    <SmallTable
      title="Expected batches"
      rows={props.batches}
      columns={[
        { title: "Batch", cell: ({ name }) => name },
        { title: "Due", cell: (batch) => <Time at={batch.dueAt} style="minute" /> },
        {
          title: "Arrived",
          cell: (batch) =>
            batch.arrivedAt === null ? (
              <span class="quiet">not yet</span>
            ) : (
              <Time at={batch.arrivedAt} style="minute" />
            ),
        },
        { title: "Rows", align: "end", cell: ({ rows }) => (rows === null ? "–" : formatCount(rows)) },
        {
          title: "Came",
          cell: (batch) => <span classList={{ faulty: batch.faults.length > 0 }}>{sayDelivery(batch)}</span>,
        },
      ]}
    />
  );
}
