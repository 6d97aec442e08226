import type { FlowDetail, FlowDurations } from "@throughline/api/contract";
import { For, type JSX, createMemo } from "solid-js";
import { MAIN_COUNTS, titleOfCount } from "../../parts/count-columns.tsx";
import { Section } from "../../parts/section.tsx";
import type { DurationsState } from "./durations.ts";
import { FlowLane } from "./flow-lane.tsx";
import "./flow-diagram.css";

interface FlowDiagramProps {
  flow: FlowDetail;
  durations: FlowDurations | undefined;
  reading: DurationsState;
  /** The leg whose detail stands beneath. */
  chosen: string | undefined;
  hrefOf: (leg: string) => string;
}

/** The milestones of a flow from left to right; legs lead between them, losses leave downwards. */
export function FlowDiagram(props: FlowDiagramProps): JSX.Element {
  const milestones = createMemo(() => Object.entries(props.flow.definition.milestones));
  const columnOf = (id: string): number =>
    Math.max(
      0,
      milestones().findIndex(([name]) => name === id),
    );
  const most = createMemo(() => Math.max(1, ...props.flow.summary.legs.map(({ counts }) => counts.total.value)));
  return (
    <Section title="Milestones and legs" note="every figure opens its rows; a leg's name shows its detail">
      <div
        class="diagram scroller"
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
          <span class="diagram-labels">Time taken</span>
          <div class="diagram-figures diagram-labels">
            <For each={MAIN_COUNTS}>{(name) => <span>{titleOfCount(name)}</span>}</For>
            <span>Compliance</span>
          </div>
        </div>
        <For each={props.flow.summary.legs}>
          {(leg) => (
            <FlowLane
              leg={leg}
              definition={props.flow.definition.legs.find(({ id }) => id === leg.id)}
              durations={props.durations?.items.find((item) => item.leg === leg.id)}
              reading={props.reading}
              place={{ from: columnOf(leg.from), to: columnOf(leg.to), columns: milestones().length }}
              volume={leg.counts.total.value / most()}
              isChosen={props.chosen === leg.id}
              href={props.hrefOf(leg.id)}
            />
          )}
        </For>
      </div>
    </Section>
  );
}
