import { useNavigate } from "@solidjs/router";
import type { FlowDetail, LegHour, LegSummary } from "@throughline/api/contract";
import { For, type JSX, Show, createMemo } from "solid-js";
import { ChartCursorProvider } from "../../charts/chart-cursor.tsx";
import type { ChartData, ChartPoint } from "../../charts/chart-data.ts";
import { Chart } from "../../charts/chart.tsx";
import { useScope } from "../../data/scope.tsx";
import { formatTime } from "../../format/time.ts";
import { usePreferences } from "../../data/preferences.tsx";
import { Section } from "../../parts/section.tsx";

const HEIGHT = 128;
const HOUR_MS = 3_600_000;

/** Each leg hour by hour, side by side on the same time with one cursor. */
export function FlowCharts(props: { flow: FlowDetail }): JSX.Element {
  const { zone } = usePreferences();
  const shown = createMemo(() =>
    props.flow.summary.legs.filter((leg) => props.flow.hours.some((hour) => hour.leg === leg.id)),
  );
  return (
    <Section
      title="Legs by the hour"
      note={
        props.flow.isTruncated
          ? `up to ${formatTime(props.flow.hours.at(-1)?.at ?? props.flow.range.to, zone())}: choose a shorter time for the rest`
          : "drag to narrow the time, click to open the legs of an hour"
      }
    >
      <Show
        when={shown().length > 0}
        fallback={<p class="quiet flow-foot">No leg of this flow falls into this time.</p>}
      >
        <ChartCursorProvider>
          <div class="flow-charts">
            <For each={shown()}>{(leg) => <LegChart flow={props.flow} leg={leg} />}</For>
          </div>
        </ChartCursorProvider>
      </Show>
    </Section>
  );
}

function LegChart(props: { flow: FlowDetail; leg: LegSummary }): JSX.Element {
  const scope = useScope();
  const navigate = useNavigate();
  const data = createMemo((): ChartData => {
    const hours = props.flow.hours.filter(({ leg }) => leg === props.leg.id);
    return {
      fromMs: Date.parse(props.flow.range.from),
      toMs: Date.parse(props.flow.range.to),
      stepMs: HOUR_MS,
      series: [
        { name: "met", colour: "mark", kind: "bar", points: toPoints(hours, ({ met }) => met) },
        { name: "open", colour: "scale-2", kind: "bar", points: toPoints(hours, ({ open }) => open) },
        { name: "at risk", colour: "amber-fill", kind: "bar", points: toPoints(hours, ({ atRisk }) => atRisk) },
        {
          name: "late",
          colour: "red-fill",
          kind: "bar",
          points: toPoints(hours, ({ breached, overdue }) => breached + overdue),
        },
      ],
    };
  });
  const hrefAt = (atMs: number): string => {
    const bounds = `from=${new Date(atMs).toISOString()}&to=${new Date(atMs + HOUR_MS).toISOString()}`;
    return scope.linkTo(`/legs?flow=${props.flow.definition.id}&leg=${props.leg.id}&range=&${bounds}`);
  };
  return (
    <Chart
      title={props.leg.title}
      data={data()}
      height={HEIGHT}
      onBrush={(fromMs, toMs) => scope.setRange({ kind: "between", fromMs, toMs })}
      onOpen={(atMs) => navigate(hrefAt(atMs))}
    />
  );
}

function toPoints(hours: readonly LegHour[], valueOf: (hour: LegHour) => number): ChartPoint[] {
  return hours.map((hour) => ({ atMs: Date.parse(hour.at), value: valueOf(hour) })).filter(({ value }) => value > 0);
}
