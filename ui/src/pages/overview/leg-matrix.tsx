import type { Compliance, FlowSummary, LegCounts, LegSummary, Overview } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { toPageHref } from "../../data/links.ts";
import { useScope } from "../../data/scope.tsx";
import { formatCount, formatPercent } from "../../format/number.ts";
import { CriticalityTag } from "../../parts/criticality-tag.tsx";
import { Figure } from "../../parts/figure.tsx";
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
            <th scope="col" class="number matrix-wide">
              Open
            </th>
            <th scope="col" class="number">
              At risk
            </th>
            <th scope="col" class="number">
              Overdue
            </th>
            <th scope="col" class="number">
              Breached
            </th>
            <th scope="col" class="number matrix-wide">
              Met
            </th>
            <th scope="col" class="number matrix-wide">
              Other
            </th>
            <th scope="col" class="matrix-compliance">
              Compliance
            </th>
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
        <CountCells counts={props.flow.counts} of={props.flow.title} />
        <td class="matrix-compliance">
          <ComplianceBar compliance={props.flow.compliance} of={props.flow.title} />
        </td>
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
            <CountCells counts={leg.counts} of={nameLeg(leg, props.flow)} />
            <td class="matrix-compliance">
              <ComplianceBar compliance={leg.compliance} of={nameLeg(leg, props.flow)} />
            </td>
          </tr>
        )}
      </For>
    </tbody>
  );
}

function CountCells(props: { counts: LegCounts; of: string }): JSX.Element {
  return (
    <>
      <td class="number matrix-wide">
        <Figure figure={props.counts.open} of={`open legs of ${props.of}`} />
      </td>
      <td class="number">
        <Figure figure={props.counts.atRisk} of={`legs at risk of ${props.of}`} tone="amber" />
      </td>
      <td class="number">
        <Figure figure={props.counts.overdue} of={`overdue legs of ${props.of}`} tone="red" />
      </td>
      <td class="number">
        <Figure figure={props.counts.breached} of={`breached legs of ${props.of}`} tone="red" />
      </td>
      <td class="number matrix-wide">
        <Figure figure={props.counts.met} of={`legs met of ${props.of}`} tone="quiet" />
      </td>
      <td class="number matrix-wide">
        <Figure figure={props.counts.others} of={`other legs of ${props.of}`} tone="quiet" />
      </td>
    </>
  );
}

/** A share with its bar: grey what was met, red what was not. `isExact`: of a time of its own, not that of the page. */
export function ComplianceBar(props: { compliance: Compliance; of: string; isExact?: boolean }): JSX.Element {
  const scope = useScope();
  const percent = () => formatPercent(props.compliance.met, props.compliance.n);
  return (
    <Show when={percent()} fallback={<span class="quiet nowrap">none yet</span>}>
      {(text) => (
        <a
          class="compliance"
          href={props.isExact === true ? toPageHref(props.compliance.href) : scope.linkToRows(props.compliance.href)}
          aria-label={`${text()} of ${formatCount(props.compliance.n)} met, ${props.of}`}
        >
          <span class="compliance-bar" aria-hidden="true">
            <span class="compliance-met" style={{ width: `${(props.compliance.met / props.compliance.n) * 100}%` }} />
          </span>
          <span class="compliance-share">{text()}</span>
          <span class="compliance-n">of {formatCount(props.compliance.n)}</span>
        </a>
      )}
    </Show>
  );
}

function nameLeg(leg: LegSummary, flow: FlowSummary): string {
  return `${leg.title}, ${flow.title}`;
}
