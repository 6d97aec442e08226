import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import Ellipsis from "lucide-solid/icons/ellipsis";
import { For, type JSX, Show, createMemo, createSignal } from "solid-js";
import { usePreferences } from "../data/preferences.tsx";
import { formatCount } from "../format/number.ts";
import { formatTime } from "../format/time.ts";
import { ChartCanvas } from "./chart-canvas.tsx";
import { useChartCursor } from "./chart-cursor.tsx";
import { type ChartData, joinSteps, toCsv, toRows } from "./chart-data.ts";
import { ChartPointer } from "./chart-pointer.tsx";
import { ChartTable } from "./chart-table.tsx";
import { download } from "./download.ts";
import type { Engine } from "./engine.ts";
import "../parts/plain-table.css";
import "./chart.css";

const FILE_DATE = 10;
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
  const [isTable, setTable] = createSignal(false);
  const data = createMemo(() => joinSteps(props.data, MOST_STEPS));
  let engine: Engine | undefined;
  const savePicture = (): void => {
    const url = engine?.getDataURL({
      type: "png",
      pixelRatio: 2,
      backgroundColor: getComputedStyle(document.body).backgroundColor,
    });
    if (url !== undefined) download(`${fileName(props.title)}.png`, url);
  };
  const saveCsv = (): void => {
    const url = URL.createObjectURL(new Blob([toCsv(props.data)], { type: "text/csv" }));
    download(`${fileName(props.title)}.csv`, url);
    URL.revokeObjectURL(url);
  };
  return (
    <figure class="chart" aria-label={props.title}>
      <div class="chart-head">
        <ChartReadout title={props.title} data={data()} />
        <ChartMenu isTable={isTable()} onTable={setTable} onPicture={savePicture} onCsv={saveCsv} />
      </div>
      <div class="chart-place" style={{ height: `${props.height}px` }}>
        <Show when={!isTable()} fallback={<ChartTable title={props.title} data={data()} />}>
          <div role="img" aria-label={describe(props.title, data())} class="chart-drawing">
            <ChartCanvas data={data()} onReady={(ready) => (engine = ready)} />
          </div>
          <ChartPointer data={data()} onBrush={props.onBrush} onOpen={props.onOpen} />
        </Show>
      </div>
    </figure>
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
  return (
    <figcaption class="chart-readout">
      <span class="chart-title">
        {props.title}{" "}
        <Show when={row()}>{(at) => <span class="chart-when">{formatTime(at().atMs, zone())}</span>}</Show>
      </span>
      <span class="chart-all-series">
        <For each={props.data.series}>
          {(series, index) => (
            <span class="chart-series">
              <span class="chart-swatch" style={{ background: `var(--${series.colour})` }} />
              {series.name} <b>{(props.data.rate ?? formatCount)(valueOf(index()))}</b>
            </span>
          )}
        </For>
      </span>
    </figcaption>
  );
}

interface ChartMenuProps {
  isTable: boolean;
  onTable: (isTable: boolean) => void;
  onPicture: () => void;
  onCsv: () => void;
}

function ChartMenu(props: ChartMenuProps): JSX.Element {
  return (
    <DropdownMenu gutter={4} placement="bottom-end" preventScroll={false}>
      <DropdownMenu.Trigger class="icon-button chart-more" aria-label="Table and downloads of this chart">
        <Ellipsis size={16} aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="menu">
          <DropdownMenu.Item class="menu-item" onSelect={() => props.onTable(!props.isTable)}>
            {props.isTable ? "Show as a chart" : "Show as a table"}
          </DropdownMenu.Item>
          <DropdownMenu.Item class="menu-item" onSelect={() => props.onCsv()}>
            Download as CSV
          </DropdownMenu.Item>
          <DropdownMenu.Item class="menu-item" disabled={props.isTable} onSelect={() => props.onPicture()}>
            Download as PNG
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}

function describe(title: string, data: ChartData): string {
  const sums = data.series.map(({ name }, index) => `${name} ${(data.rate ?? formatCount)(summarize(data, index))}`);
  return `${title}: ${sums.join(", ")}. The menu beside it shows the same as a table.`;
}

function fileName(title: string): string {
  return `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}-${new Date().toISOString().slice(0, FILE_DATE)}`;
}
