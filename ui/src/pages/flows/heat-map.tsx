import type { HeatCell } from "@throughline/api/contract";
import { For, type JSX, Show, createMemo } from "solid-js";
import { usePreferences } from "../../data/preferences.tsx";
import { useScope } from "../../data/scope.tsx";
import { formatCount } from "../../format/number.ts";
import { formatZone } from "../../format/time.ts";
import { formatShare, heatOf } from "./heat.ts";
import "./heat-map.css";

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** Which share of the legs was late, by site and by the hour of the day at which they began. */
export function HeatMap(props: { cells: readonly HeatCell[] }): JSX.Element {
  const { zone } = usePreferences();
  const sites = createMemo(() => [...new Set(props.cells.map(({ site }) => site))].toSorted());
  const byPlace = createMemo(() => new Map(props.cells.map((cell) => [`${cell.hour} ${cell.site}`, cell])));
  return (
    <div class="heat">
      <h3>
        Late by hour of start and site{" "}
        <span class="section-note">share late over the number judged; hours in {formatZone(zone(), Date.now())}</span>
      </h3>
      <Show when={sites().length > 0} fallback={<p class="quiet flow-foot">No leg of this kind began in this time.</p>}>
        <div class="scroller" tabIndex={0} role="region" aria-label="Late by hour of start and site">
          <table class="heat-table">
            <thead>
              <tr>
                <th scope="col">Site</th>
                <For each={HOURS}>{(hour) => <th scope="col">{String(hour).padStart(2, "0")}</th>}</For>
              </tr>
            </thead>
            <tbody>
              <For each={sites()}>
                {(site) => (
                  <tr>
                    <th scope="row">{site === "" ? "Group" : site}</th>
                    <For each={HOURS}>
                      {(hour) => (
                        <td>
                          <Show when={byPlace().get(`${hour} ${site}`)}>{(cell) => <Cell cell={cell()} />}</Show>
                        </td>
                      )}
                    </For>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
      </Show>
    </div>
  );
}

function Cell(props: { cell: HeatCell }): JSX.Element {
  const scope = useScope();
  const judged = () => props.cell.compliance.n;
  const late = () => judged() - props.cell.compliance.met;
  const share = () => formatShare(late(), judged());
  return (
    <a
      class="heat-cell"
      data-heat={heatOf(late(), judged())}
      classList={{ blind: props.cell.unknown.value > 0 }}
      href={scope.linkToRows(props.cell.legs.href)}
      title={
        props.cell.unknown.value > 0
          ? `${formatCount(props.cell.unknown.value)} of these legs cannot be known: their feed is silent`
          : "Show the legs that began then"
      }
    >
      <Show
        when={share()}
        fallback={
          <>
            <span class="heat-share">–</span>
            <span class="sr-only"> none judged of </span>
            <span class="heat-n">{formatCount(props.cell.legs.value)}</span>
          </>
        }
      >
        {(text) => (
          <>
            <span class="heat-share">{text()}</span>
            <span class="sr-only"> late of </span>
            <span class="heat-n">{formatCount(judged())}</span>
          </>
        )}
      </Show>
    </a>
  );
}
