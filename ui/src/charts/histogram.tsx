import { For, type JSX } from "solid-js";
import { formatCount } from "../format/number.ts";
import { ChartCanvas } from "./chart-canvas.tsx";
import type { SeriesColour } from "./chart-data.ts";
import { ChartFrame } from "./chart-frame.tsx";
import { type HistogramData, toHistogramCsv, toHistogramOption } from "./histogram-option.ts";

interface HistogramProps {
  title: string;
  data: HistogramData;
  height: number;
  /** Said after the names of the series. */
  note?: JSX.Element;
}

/** How many lie in each of some classes, with lines at what they are measured against. */
export function Histogram(props: HistogramProps): JSX.Element {
  const sumOf = (index: number): number => props.data.bins.reduce((sum, { values }) => sum + (values[index] ?? 0), 0);
  const description = (): string => {
    const sums = props.data.series.map(({ name }, index) => `${name} ${formatCount(sumOf(index))}`);
    return `${props.title}: ${sums.join(", ")}. The menu beside it shows the same as a table.`;
  };
  return (
    <ChartFrame
      title={props.title}
      description={description()}
      height={props.height}
      readout={
        <figcaption class="chart-readout">
          <span class="chart-title">{props.title}</span>
          <span class="chart-all-series">
            <For each={props.data.series}>
              {(series, index) => (
                <SeriesName name={series.name} colour={series.colour} value={formatCount(sumOf(index()))} />
              )}
            </For>
            {props.note}
          </span>
        </figcaption>
      }
      table={<HistogramTable data={props.data} />}
      csv={() => toHistogramCsv(props.data)}
      drawing={(onReady) => (
        <ChartCanvas draw={(palette, width) => toHistogramOption(props.data, { palette, width })} onReady={onReady} />
      )}
    />
  );
}

function HistogramTable(props: { data: HistogramData }): JSX.Element {
  return (
    <table class="plain-table">
      <thead>
        <tr>
          <th scope="col">{props.data.of}</th>
          <For each={props.data.series}>
            {({ name }) => (
              <th scope="col" class="number">
                {name}
              </th>
            )}
          </For>
        </tr>
      </thead>
      <tbody>
        <For each={props.data.bins}>
          {(bin) => (
            <tr>
              <td>{bin.title}</td>
              <For each={bin.values}>{(value) => <td class="number">{formatCount(value)}</td>}</For>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}

/** The name of a series beside its colour, with its value. */
export function SeriesName(props: { name: string; colour: SeriesColour; value: string }): JSX.Element {
  return (
    <span class="chart-series">
      <span class="chart-swatch" style={{ background: `var(--${props.colour})` }} />
      {props.name} <b>{props.value}</b>
    </span>
  );
}
