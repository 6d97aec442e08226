import { type JSX, Show, createSignal } from "solid-js";
import { ChartMenu } from "./chart-menu.tsx";
import { download } from "./download.ts";
import type { Engine } from "./engine.ts";
import "../parts/plain-table.css";
import "./chart.css";

const FILE_DATE = 10;

interface ChartFrameProps {
  title: string;
  /** What it shows, for who does not see it. */
  description: string;
  /** Height of the drawing in pixels, axis included. */
  height: number;
  /** The title, and what the series are called. */
  readout: JSX.Element;
  /** The same figures as a table. */
  table: JSX.Element;
  csv: () => string;
  /** The drawing itself; hands out its engine, for its picture. */
  drawing: (onReady: (engine: Engine) => void) => JSX.Element;
  /** What lies over the drawing. */
  overlay?: JSX.Element;
}

/** What all charts have: a head, the drawing, the same figures as a table, as CSV and as a picture. */
export function ChartFrame(props: ChartFrameProps): JSX.Element {
  const [isTable, setTable] = createSignal(false);
  let engine: Engine | undefined;
  const savePicture = (): void => {
    const backgroundColor = getComputedStyle(document.body).backgroundColor;
    const url = engine?.getDataURL({ type: "png", pixelRatio: 2, backgroundColor });
    if (url !== undefined) download(`${fileName(props.title)}.png`, url);
  };
  const saveCsv = (): void => {
    const url = URL.createObjectURL(new Blob([props.csv()], { type: "text/csv" }));
    download(`${fileName(props.title)}.csv`, url);
    URL.revokeObjectURL(url);
  };
  return (
    <figure class="chart" aria-label={props.title}>
      <div class="chart-head">
        {props.readout}
        <ChartMenu isTable={isTable()} onTable={setTable} onPicture={savePicture} onCsv={saveCsv} />
      </div>
      <div class="chart-place" style={{ height: `${props.height}px` }}>
        <Show
          when={!isTable()}
          fallback={
            <div class="chart-table" tabIndex={0} role="region" aria-label={`${props.title}, as a table`}>
              {props.table}
            </div>
          }
        >
          <div role="img" aria-label={props.description} class="chart-drawing">
            {props.drawing((ready) => (engine = ready))}
          </div>
          {props.overlay}
        </Show>
      </div>
    </figure>
  );
}

function fileName(title: string): string {
  return `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}-${new Date().toISOString().slice(0, FILE_DATE)}`;
}
