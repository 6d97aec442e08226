import type { FlowDetail, LegSummary } from "@throughline/api/contract";
import { For, type JSX, Show, createMemo } from "solid-js";
import { Figure } from "../../parts/figure.tsx";
import { StatutoryMark } from "../../parts/statutory-mark.tsx";
import { Section } from "../../parts/section.tsx";
import { ComplianceBar } from "../../parts/compliance-bar.tsx";
import { sayMainTarget } from "./flow-text.ts";
import "./flow-diagram.css";

/** The milestones of a flow from left to right, each leg as a bar between two of them with its target and its counts. */
export function FlowDiagram(props: { flow: FlowDetail }): JSX.Element {
  const milestones = createMemo(() => Object.entries(props.flow.definition.milestones));
  const columnOf = (id: string): number =>
    Math.max(
      0,
      milestones().findIndex(([name]) => name === id),
    );
  return (
    <Section title="Milestones and legs" note="every figure opens its rows">
      <div
        class="diagram"
        style={{ "--milestones": String(milestones().length) }}
        tabIndex={0}
        role="region"
        aria-label="Milestones and legs"
      >
        <div class="diagram-head">
          <ol class="diagram-milestones">
            <For each={milestones()}>
              {([, milestone]) => (
                <li title={`${milestone.title}: ${milestone.system}`}>
                  <span class="diagram-title">{milestone.title}</span>
                </li>
              )}
            </For>
          </ol>
          <div class="diagram-figures diagram-labels">
            <span>Open</span>
            <span>At risk</span>
            <span>Overdue</span>
            <span>Breached</span>
            <span>Compliance</span>
          </div>
        </div>
        <For each={props.flow.summary.legs}>
          {(leg) => (
            <DiagramLeg
              leg={leg}
              target={sayMainTarget(props.flow.definition.legs.find(({ id }) => id === leg.id) ?? { targets: [] })}
              from={columnOf(leg.from)}
              to={columnOf(leg.to)}
              columns={milestones().length}
            />
          )}
        </For>
      </div>
    </Section>
  );
}

function DiagramLeg(props: {
  leg: LegSummary;
  target: string;
  from: number;
  to: number;
  columns: number;
}): JSX.Element {
  const first = () => Math.min(props.from, props.to);
  const last = () => Math.max(props.from, props.to);
  const counts = () => props.leg.counts;
  const isLate = () => counts().breached.value + counts().overdue.value > 0;
  return (
    <div class="diagram-leg">
      <div class="diagram-lane">
        <div
          class="diagram-bar"
          classList={{ late: isLate(), back: props.from > props.to }}
          style={{ "--first": String(first()), "--span": String(last() - first()) }}
        />
        <p
          class="diagram-name"
          classList={{ right: first() >= props.columns / 2 }}
          title={`${props.leg.title} ${props.target}`}
          style={{ "--first": String(first()), "--last": String(last()) }}
        >
          {props.leg.title}{" "}
          <Show when={props.leg.statutory}>{(rule) => <StatutoryMark statutory={rule()} isShort />}</Show>{" "}
          <Show when={props.target}>{(target) => <span class="quiet">{target()}</span>}</Show>
        </p>
      </div>
      <div class="diagram-figures">
        <Figure figure={counts().open} of={`open legs of ${props.leg.title}`} />
        <Figure figure={counts().atRisk} of={`legs at risk of ${props.leg.title}`} tone="amber" />
        <Figure figure={counts().overdue} of={`overdue legs of ${props.leg.title}`} tone="red" />
        <Figure figure={counts().breached} of={`breached legs of ${props.leg.title}`} tone="red" />
        <ComplianceBar compliance={props.leg.compliance} of={props.leg.title} />
      </div>
    </div>
  );
}
