import { For, type JSX } from "solid-js";
import { usePreferences } from "../data/preferences.tsx";
import { formatCount } from "../format/number.ts";
import { formatTime, formatZone } from "../format/time.ts";
import { type ChartData, toRows } from "./chart-data.ts";

/** The same figures as a table. */
export function ChartTable(props: { data: ChartData }): JSX.Element {
  const { zone } = usePreferences();
  return (
    <table class="plain-table">
      <thead>
        <tr>
          <th scope="col">From ({formatZone(zone(), props.data.toMs)})</th>
          <For each={props.data.series}>
            {(series) => (
              <th scope="col" class="number">
                {series.name}
              </th>
            )}
          </For>
        </tr>
      </thead>
      <tbody>
        <For each={toRows(props.data).toReversed()}>
          {(row) => (
            <tr>
              <td>{formatTime(row.atMs, zone())}</td>
              <For each={row.values}>
                {(value) => <td class="number">{(props.data.rate ?? formatCount)(value)}</td>}
              </For>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}
