import type { JourneyEvent } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { toTitle } from "../../format/title.ts";
import type { OpenRow } from "../../data/open-row.ts";
import { formatCoarse } from "../../format/time.ts";
import { formatMeasure, formatMeasures } from "../../format/measure.ts";
import { formatNoun } from "../../format/number.ts";
import { EventTime } from "../../parts/event-time.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { Section } from "../../parts/section.tsx";
import { EmptyPanel } from "../../parts/state-panel.tsx";
import type { Column } from "../../parts/table-types.ts";
import { EventMarks } from "./event-marks.tsx";

const LATE_ARRIVAL_MS = 60_000;
const HEAD_PX = 33;
const ROW_PX = 36;
const MOST_ROWS = 14;

const COLUMNS: Column<JourneyEvent>[] = [
  { id: "time", title: "Time", width: "120px", cell: (event) => <EventTime event={event} /> },
  { id: "what", title: "What happened", width: "minmax(180px, 2fr)", cell: (event) => <EventTitle event={event} /> },
  {
    id: "measures",
    title: "Measures",
    width: "minmax(110px, 1.2fr)",
    from: 980,
    cell: (event) => <EventMeasures event={event} />,
  },
  {
    id: "source",
    title: "Feed",
    width: "minmax(120px, 1.3fr)",
    from: 620,
    cell: (event) => <span class="mono quiet">{event.source}</span>,
  },
  {
    id: "arrived",
    title: "Arrived",
    width: "128px",
    align: "end",
    from: 760,
    cell: (event) => <Arrival event={event} />,
  },
  {
    id: "marks",
    title: "Noted",
    width: "minmax(110px, 1.2fr)",
    from: 560,
    cell: (event) => <EventMarks event={event} />,
  },
];

interface EventTableProps {
  events: readonly JourneyEvent[];
  isTruncated: boolean;
  foreignSteps: number;
  open: OpenRow;
}

/** Every event of a journey, once however often it came. */
export function EventTable(props: EventTableProps): JSX.Element {
  return (
    <Section
      title="Events"
      note={<EventNote count={props.events.length} isTruncated={props.isTruncated} foreignSteps={props.foreignSteps} />}
    >
      <Show
        when={props.events.length > 0}
        fallback={
          <EmptyPanel title="No event that you may see.">
            Its steps lie in sites or domains outside of your scope.
          </EmptyPanel>
        }
      >
        <div class="table-box" style={{ height: `${HEAD_PX + Math.min(props.events.length, MOST_ROWS) * ROW_PX}px` }}>
          <DataTable<JourneyEvent>
            label="Events"
            rows={props.events}
            columns={COLUMNS}
            keyOf={(event) => event.key}
            versionOf={(event) => `${event.standing} ${event.duplicates}`}
            nameOf={(event) => `${toTitle(event.type.replaceAll(".", " "))}, ${event.time}`}
            hrefOf={(event) => props.open.hrefOf(`event~${event.key}`)}
            selectedKey={
              props.open.key()?.startsWith("event~") === true ? props.open.key()?.slice("event~".length) : undefined
            }
          />
        </div>
      </Show>
    </Section>
  );
}

function EventNote(props: { count: number; isTruncated: boolean; foreignSteps: number }): JSX.Element {
  return (
    <>
      {formatNoun(props.count, "event")}
      {props.isTruncated ? ", the first of more" : ""}
      {props.foreignSteps > 0 ? `, and ${formatNoun(props.foreignSteps, "step")} in places that you may not see` : ""}
    </>
  );
}

/** The milestones that an event reaches, else its type in words. */
export function EventTitle(props: { event: JourneyEvent }): JSX.Element {
  const titles = () => [...new Set(props.event.milestones.map(({ title }) => title))];
  return (
    <span classList={{ "event-uncounted": props.event.standing !== "counts" }} title={props.event.type}>
      <Show when={titles().length > 0} fallback={<span class="quiet">{toWords(props.event.type)}</span>}>
        {titles().join(", ")}
      </Show>
    </span>
  );
}

function Arrival(props: { event: JourneyEvent }): JSX.Element {
  const lagMs = () => Date.parse(props.event.arrivedAt) - Date.parse(props.event.latestAt ?? props.event.time);
  return (
    <Show when={lagMs() >= LATE_ARRIVAL_MS} fallback={<span class="quiet">at once</span>}>
      <span title={`Arrived ${props.event.arrivedAt}`}>{formatCoarse(lagMs())} later</span>
    </Show>
  );
}

function EventMeasures(props: { event: JourneyEvent }): JSX.Element {
  const named = () =>
    Object.entries(props.event.measures).map(([name, measure]) => `${toTitle(name)} ${formatMeasure(measure)}`);
  return <span title={named().join(", ")}>{formatMeasures(Object.values(props.event.measures))}</span>;
}

/** `erp.goods_receipt.posted` as `Goods receipt posted`: the domain is told by the feed. */
function toWords(type: string): string {
  return toTitle(type.split(".").slice(1).join(" "));
}
