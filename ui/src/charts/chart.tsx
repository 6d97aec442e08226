import { For, type JSX, Show, createMemo } from "solid-js";
import { usePreferences } from "../data/preferences.tsx";
import { formatCount } from "../format/number.ts";
import { formatTime } from "../format/time.ts";
import { ChartCanvas } from "./chart-canvas.tsx";
import { useChartCursor } from "./chart-cursor.tsx";
import { type ChartData, joinSteps, toCsv, toRows } from "./chart-data.ts";
import { ChartFrame } from "./chart-frame.tsx";
import { toOption } from "./chart-option.ts";
import { ChartPointer } from "./chart-pointer.tsx";
import { ChartTable } from "./chart-table.tsx";
import { SeriesName } from "./histogram.tsx";
import { listTicks } from "./chart-ticks.ts";
import type { Palette } from "./palette.ts";

const TICK_ROOM = 76;
const MOST_STEPS = 200;

interface ChartProps {
  title: string;
  data: ChartData;
  /** Height of the drawing in pixels, axis included. */
  height: number;
  onBrush?: (fromMs: number, toMs: number) => void;
  /** Opens the rows of a step. */
  onOpen?: (atMs: number) => void;
}

/** Series over time, with the same figures as a table, as CSV and as a picture. */
export function Chart(props: ChartProps): JSX.Element {
  const { zone } = usePreferences();
  const data = createMemo(() => joinSteps(props.data, MOST_STEPS));
  const draw = (palette: Palette, width: number) => {
    const most = Math.max(2, Math.floor(width / TICK_ROOM));
    return toOption(data(), listTicks(data().fromMs, data().toMs, { zone: zone(), most }), palette);
  };
  return (
    <ChartFrame
      title={props.title}
      description={describe(props.title, data())}
      height={props.height}
      readout={<ChartReadout title={props.title} data={data()} />}
      table={<ChartTable data={data()} />}
      csv={() => toCsv(props.data)}
      drawing={(onReady) => <ChartCanvas draw={draw} onReady={onReady} />}
      overlay={<ChartPointer data={data()} onBrush={props.onBrush} onOpen={props.onOpen} />}
    />
  );
}

/** What a series comes to over the whole time: its sum, or the value of the last step where values are rates. */
function summarize(data: ChartData, index: number): number {
  if (data.rate !== undefined) return toRows(data).at(-1)?.values[index] ?? Number.NaN;
  return (data.series[index]?.points ?? []).reduce((sum, { value }) => sum + value, 0);
}

/** The names of the series with their values: of the step under the cursor, else of the whole time. */
function ChartReadout(props: { title: string; data: ChartData }): JSX.Element {
  const { zone } = usePreferences();
  const cursor = useChartCursor();
  const rows = createMemo(() => new Map(toRows(props.data).map((row) => [row.atMs, row])));
  const row = () => rows().get(cursor.atMs() ?? -1);
  const valueOf = (index: number): number => row()?.values[index] ?? summarize(props.data, index);
  const say = (value: number): string => (props.data.rate ?? formatCount)(value);
  return (
    <figcaption class="chart-readout">
      <span class="chart-title">
        {props.title}{" "}
        <Show when={row()}>{(at) => <span class="chart-when">{formatTime(at().atMs, zone())}</span>}</Show>
      </span>
      <span class="chart-all-series">
        <For each={props.data.series}>
          {(series, index) => <SeriesName name={series.name} colour={series.colour} value={say(valueOf(index()))} />}
        </For>
      </span>
    </figcaption>
  );
}

function describe(title: string, data: ChartData): string {
  const sums = data.series.map(({ name }, index) => `${name} ${(data.rate ?? formatCount)(summarize(data, index))}`);
  return `${title}: ${sums.join(", ")}. The menu beside it shows the same as a table.`;
}
