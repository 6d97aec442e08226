import type { OutcomeItem } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import type { OpenRow } from "../../data/open-row.ts";
import { formatCount } from "../../format/number.ts";
import { OUTCOME_TITLES, findChange, sayOutcome } from "./outcome-text.ts";
import { Sparkline } from "./sparkline.tsx";
import "../../parts/plain-table.css";
import "./outcome-table.css";

/** All figures, by outcome; each opens what it is made of. */
export function OutcomeTable(props: { items: readonly OutcomeItem[]; open: OpenRow }): JSX.Element {
  const groups = () => [...Map.groupBy(props.items, ({ outcome }) => outcome)];
  return (
    <table class="plain-table outcomes" aria-label="Outcomes">
      <thead>
        <tr>
          <th scope="col">Figure</th>
          <th scope="col" class="number">
            Now
          </th>
          <th scope="col" class="number wide-column">
            90 % up to
          </th>
          <th scope="col" class="number">
            Before
          </th>
          <th scope="col" class="wide-column">
            Change
          </th>
          <th scope="col" class="number">
            n
          </th>
          <th scope="col" class="wide-column">
            Trend
          </th>
          <th scope="col" class="number wide-column">
            Left out
          </th>
          <th scope="col" class="number wide-column">
            Still open
          </th>
        </tr>
      </thead>
      <For each={groups()}>
        {([outcome, items]) => (
          <tbody>
            <tr class="outcome-group">
              <th scope="rowgroup" colSpan={9}>
                {OUTCOME_TITLES[outcome]}
              </th>
            </tr>
            <For each={items}>{(item) => <FigureRow figure={item} open={props.open} />}</For>
          </tbody>
        )}
      </For>
    </table>
  );
}

function FigureRow(props: { figure: OutcomeItem; open: OpenRow }): JSX.Element {
  const figure = () => props.figure;
  return (
    <tr classList={{ selected: props.open.key() === figure().id }}>
      <th scope="row" class="outcome-name">
        <a href={props.open.hrefOf(figure().id)}>{figure().title}</a>
        <span class="quiet outcome-formula">{figure().formula}</span>
      </th>
      <Show when={figure().measure} fallback={<NotMeasurable because={figure().because ?? ""} />}>
        {(measure) => <MeasureCells figure={figure()} measure={measure()} />}
      </Show>
    </tr>
  );
}

/** What cannot be measured is hatched, and never a zero. */
function NotMeasurable(props: { because: string }): JSX.Element {
  return (
    <td colSpan={8} class="outcome-blind">
      Not measurable yet, because {props.because}.
    </td>
  );
}

function MeasureCells(props: { figure: OutcomeItem; measure: NonNullable<OutcomeItem["measure"]> }): JSX.Element {
  const say = (value: string | null | undefined) => sayOutcome(value ?? null, props.figure.unit);
  const left = () => props.figure.exclusions.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <td class="number outcome-value">
        {say(props.measure.value)}
        <Show when={props.figure.isEstimated}>
          <span class="quiet"> estimated</span>
        </Show>
      </td>
      <td class="number wide-column">{props.measure.p90 === null ? "" : say(props.measure.p90)}</td>
      <td class="number quiet">{say(props.figure.baseline?.value)}</td>
      <td class="wide-column">
        <Show when={findChange(props.figure)} fallback={<span class="quiet nowrap">no baseline</span>}>
          {(change) => (
            <span class="nowrap" classList={{ "outcome-worse": change().word === "worse" }}>
              {change().text} <span class="quiet">{change().word}</span>
            </span>
          )}
        </Show>
      </td>
      <td class="number">{formatCount(props.measure.n)}</td>
      <td class="wide-column">
        <Sparkline figure={props.figure} />
      </td>
      <td class="number wide-column quiet">{formatCount(left())}</td>
      <td class="number wide-column quiet">{props.figure.open === null ? "" : formatCount(props.figure.open)}</td>
    </>
  );
}
