import { useSearchParams } from "@solidjs/router";
import type { Journey } from "@throughline/api/contract";
import { For, type JSX, Show, createMemo, createSignal, onCleanup, onMount } from "solid-js";
import { useNow } from "../../data/clock.tsx";
import type { Names } from "../../data/names.ts";
import type { OpenRow } from "../../data/open-row.ts";
import { usePreferences } from "../../data/preferences.tsx";
import { one } from "../../data/scope.tsx";
import { formatSpannedDay, formatTime, formatZone } from "../../format/time.ts";
import { listTicks } from "../../charts/chart-ticks.ts";
import { Section } from "../../parts/section.tsx";
import { EmptyPanel } from "../../parts/state-panel.tsx";
import { TimelineBar } from "./timeline-bar.tsx";
import { type Marker, type Timeline as Model, toTimeline } from "./timeline-model.ts";
import { type Scale, assignLanes, createScale, placeLabel } from "./timeline-scale.ts";
import "./timeline.css";

const LANE_PX = 18;
const MOST_LANES = 6;
const LETTER_PX = 6.6;
const LABEL_PAD_PX = 22;
const LABEL_MOST_PX = 320;
const LABEL_GAP_PX = 8;
const MOST_TICKS = 8;
const MINUTE_MS = 60_000;

interface TimelineProps {
  journey: Journey;
  names: Names;
  open: OpenRow;
}

/** The business view of a journey: the milestones reached, and each leg as a bar with its deadline. */
export function Timeline(props: TimelineProps): JSX.Element {
  const [search, setSearch] = useSearchParams();
  const now = useNow();
  const mode = () => (one(search.scale) === "steps" ? "steps" : "time");
  const model = createMemo(() => toTimeline(props.journey, now() - (now() % MINUTE_MS) + MINUTE_MS));
  const scale = createMemo(() => createScale(model().instants, mode()));
  return (
    <Section
      title="Timeline"
      note={<TimelineNote instants={model().instants} />}
      actions={
        <button
          type="button"
          class="link-button"
          aria-pressed={mode() === "steps"}
          onClick={() => setSearch({ scale: mode() === "steps" ? undefined : "steps" })}
        >
          {mode() === "steps" ? "Show to scale" : "Spread out"}
        </button>
      }
    >
      <Show
        when={model().instants.length > 0}
        fallback={
          <EmptyPanel title="Nothing is timed yet.">
            Milestones and legs stand here as soon as an event reaches one.
          </EmptyPanel>
        }
      >
        <div class="timeline">
          <Axis instants={model().instants} scale={scale()} isToScale={mode() === "time"} />
          <Markers markers={model().markers} scale={scale()} open={props.open} />
          <Bars model={model()} scale={scale()} names={props.names} open={props.open} />
          <Show when={model().closed.size > 0}>
            <p class="timeline-legend quiet">
              <span class="bar-closed" />
              Closed by the leg's calendar, so that it does not count:{" "}
              {props.journey.calendars.map(({ title }) => title).join(", ")}
            </p>
          </Show>
        </div>
      </Show>
    </Section>
  );
}

function TimelineNote(props: { instants: readonly number[] }): JSX.Element {
  const { zone } = usePreferences();
  const span = () => [Math.min(...props.instants), Math.max(...props.instants)];
  return (
    <Show when={props.instants.length > 0}>
      {formatTime(span()[0] ?? 0, zone())} to {formatTime(span()[1] ?? 0, zone())} {formatZone(zone(), span()[1] ?? 0)}
    </Show>
  );
}

function Axis(props: { instants: readonly number[]; scale: Scale; isToScale: boolean }): JSX.Element {
  const { zone } = usePreferences();
  const ticks = createMemo(() =>
    listTicks(Math.min(...props.instants), Math.max(...props.instants), { zone: zone(), most: MOST_TICKS }),
  );
  return (
    <div class="timeline-axis" aria-hidden="true">
      <div class="timeline-plot">
        <Show when={props.isToScale} fallback={<span class="timeline-tick spread">in order, not to scale</span>}>
          <For each={ticks()}>
            {(tick) => (
              <span
                class="timeline-tick"
                classList={{ day: tick.isDay }}
                style={{ left: `${props.scale(tick.atMs)}%` }}
              >
                {tick.label}
              </span>
            )}
          </For>
        </Show>
      </div>
    </div>
  );
}

function Markers(props: { markers: readonly Marker[]; scale: Scale; open: OpenRow }): JSX.Element {
  const { zone } = usePreferences();
  const [width, setWidth] = createSignal(0);
  let plot: HTMLOListElement | undefined;
  onMount(() => {
    const observer = new ResizeObserver(() => setWidth(plot?.clientWidth ?? 0));
    if (plot !== undefined) observer.observe(plot);
    onCleanup(() => observer.disconnect());
  });
  const placed = createMemo(() => placeMarkers(props.markers, props.scale, width()));
  const height = () => (Math.max(0, ...placed().map(({ lane }) => lane ?? 0)) + 1) * LANE_PX + 10;
  return (
    <div class="timeline-row timeline-markers">
      <span class="timeline-name quiet">Milestones</span>
      <ol class="timeline-plot" style={{ height: `${height()}px` }} ref={(created) => (plot = created)}>
        <For each={placed()}>
          {({ marker, lane, position, isTurned, room }) => (
            <li
              class="marker"
              classList={{ turned: isTurned }}
              style={{ left: `${position}px`, "--lane": `${(lane ?? 0) * LANE_PX}px` }}
            >
              <a
                class="marker-label"
                classList={{ "sr-only": lane === undefined }}
                style={{ "max-width": `${room - LABEL_GAP_PX}px` }}
                href={props.open.hrefOf(`event~${marker.eventKey}`)}
                title={`${marker.titles.join(", ")}, ${sayWhen(marker, zone())}, ${marker.source}`}
              >
                {marker.titles.join(", ")}
              </a>
            </li>
          )}
        </For>
      </ol>
    </div>
  );
}

function Bars(props: { model: Model; scale: Scale; names: Names; open: OpenRow }): JSX.Element {
  const flows = () => [...new Set(props.model.bars.map(({ leg }) => leg.flow))];
  return (
    <For each={flows()}>
      {(flow) => (
        <>
          <div class="timeline-flow">{props.names.flowOf(flow)}</div>
          <For each={props.model.bars.filter(({ leg }) => leg.flow === flow)}>
            {(bar) => (
              <TimelineBar
                bar={bar}
                scale={props.scale}
                lastMs={Math.max(...props.model.instants)}
                closed={props.model.closed.get(bar.leg.calendar) ?? []}
                title={props.names.legOf(bar.leg.flow, bar.leg.leg)}
                open={props.open}
              />
            )}
          </For>
        </>
      )}
    </For>
  );
}

function sayWhen({ atMs, latestAt }: Marker, zone: string): string {
  if (latestAt === null) return formatTime(atMs, zone, "full");
  const day = formatSpannedDay({ from: new Date(atMs).toISOString(), until: latestAt }, zone, "date");
  return `${day}, of which only the day is known`;
}

/** Where each milestone stands, in pixels; labels near the right edge are turned to the left. */
function placeMarkers(markers: readonly Marker[], scale: Scale, width: number) {
  const labels = markers.map((marker) => {
    const at = (scale(marker.atMs) / 100) * width;
    const wanted = Math.min(LABEL_MOST_PX, marker.titles.join(", ").length * LETTER_PX + LABEL_PAD_PX);
    const { isTurned, room } = placeLabel(at, wanted, width);
    return { marker, at, isTurned, position: isTurned ? at - room : at, room };
  });
  const inOrder = labels.toSorted((a, b) => a.position - b.position);
  const lanes = assignLanes(inOrder, MOST_LANES);
  return inOrder.map(({ marker, at, isTurned, room }, index) => ({
    marker,
    position: at,
    isTurned,
    room,
    lane: lanes[index],
  }));
}
