import type { FlowSummary, LegSummary, Overview } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { useScope } from "../../data/scope.tsx";
import { ALL_COUNTS, CountCells, CountHeads } from "../../parts/count-columns.tsx";
import { CriticalityTag } from "../../parts/criticality-tag.tsx";
import { StatutoryMark } from "../../parts/statutory-mark.tsx";
import { Section } from "../../parts/section.tsx";
import "../../parts/plain-table.css";
import "./leg-matrix.css";

/** All flows with their legs: how many stand where. Every figure opens its rows. */
export function LegMatrix(props: { overview: Overview }): JSX.Element {
  return (
    <Section title="Flows and legs" note="the worst first; every figure opens its rows">
      <table class="plain-table matrix">
        <thead>
          <tr>
            <th scope="col">Leg</th>
            <th scope="col" class="matrix-criticality">
              Criticality
            </th>
            <CountHeads counts={ALL_COUNTS} />
          </tr>
        </thead>
        <For each={props.overview.flows}>{(flow) => <FlowRows flow={flow} />}</For>
      </table>
    </Section>
  );
}

function FlowRows(props: { flow: FlowSummary }): JSX.Element {
  const scope = useScope();
  return (
    <tbody>
      <tr class="matrix-flow">
        <th scope="rowgroup">
          <a href={scope.linkTo(`/flows/${encodeURIComponent(props.flow.id)}`)}>{props.flow.title}</a>
          <span class="matrix-owner">{props.flow.owner}</span>
        </th>
        <td class="matrix-criticality">
          <CriticalityTag criticality={props.flow.criticality} />
        </td>
        <CountCells
          counts={ALL_COUNTS}
          values={props.flow.counts}
          compliance={props.flow.compliance}
          of={props.flow.title}
        />
      </tr>
      <For each={props.flow.legs}>
        {(leg) => (
          <tr>
            <th scope="row">
              {leg.title} <Show when={leg.statutory}>{(rule) => <StatutoryMark statutory={rule()} isShort />}</Show>
            </th>
            <td class="matrix-criticality">
              <Show when={leg.criticality !== props.flow.criticality}>
                <CriticalityTag criticality={leg.criticality} />
              </Show>
            </td>
            <CountCells
              counts={ALL_COUNTS}
              values={leg.counts}
              compliance={leg.compliance}
              of={nameLeg(leg, props.flow)}
            />
          </tr>
        )}
      </For>
    </tbody>
  );
}

function nameLeg(leg: LegSummary, flow: FlowSummary): string {
  return `${leg.title}, ${flow.title}`;
}
