import type { FlowLeg, LegDurations, LegSummary } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { useScope } from "../../data/scope.tsx";
import { formatCount } from "../../format/number.ts";
import { ComplianceBar } from "../../parts/compliance-bar.tsx";
import { CountFigure, MAIN_COUNTS, titleOfCount } from "../../parts/count-columns.tsx";
import { StatutoryMark } from "../../parts/statutory-mark.tsx";
import { DurationStrip } from "./duration-strip.tsx";
import type { DurationsState } from "./durations.ts";
import { sayMainTarget } from "./flow-text.ts";

interface FlowLaneProps {
  leg: LegSummary;
  definition: FlowLeg | undefined;
  durations: LegDurations | undefined;
  reading: DurationsState;
  /** Columns of the milestones that it leads between, and how many there are. */
  place: { from: number; to: number; columns: number };
  /** Its share of the legs of the leg that has most, which the bar is as thick as. */
  volume: number;
  isChosen: boolean;
  href: string;
}

const THIN = 4;
const THICK = 12;

/** One leg as a bar between its milestones: as thick as it has legs, what was met goes along, what was lost leaves downwards. */
export function FlowLane(props: FlowLaneProps): JSX.Element {
  const first = () => Math.min(props.place.from, props.place.to);
  const last = () => Math.max(props.place.from, props.place.to);
  const isRight = () => first() >= props.place.columns / 2;
  const target = () => sayMainTarget(props.definition ?? { targets: [] });
  return (
    <div class="diagram-leg" classList={{ chosen: props.isChosen }}>
      <div
        class="diagram-lane"
        classList={{ right: isRight(), full: !isRight() && last() === props.place.columns - 1 }}
        style={{
          "--first": String(first()),
          "--last": String(last()),
          "--thick": `${THIN + (THICK - THIN) * props.volume}px`,
        }}
      >
        <p class="diagram-name" title={`${props.leg.title} ${target()}`}>
          <a href={props.href} aria-current={props.isChosen ? "true" : undefined}>
            {props.leg.title}
          </a>{" "}
          <Show when={props.leg.statutory}>{(rule) => <StatutoryMark statutory={rule()} isShort />}</Show>{" "}
          <span class="quiet">{target()}</span>
        </p>
        <div class="diagram-bar" classList={{ late: lateOf(props.leg) > 0, back: props.place.from > props.place.to }} />
        <LaneCounts leg={props.leg} />
      </div>
      <DurationStrip durations={props.durations} reading={props.reading} />
      <div class="diagram-figures">
        <For each={MAIN_COUNTS}>
          {(name) => (
            <span>
              <CountFigure name={name} counts={props.leg.counts} of={props.leg.title} />
              <span class="diagram-figure-name" aria-hidden="true">
                {titleOfCount(name)}
              </span>
            </span>
          )}
        </For>
        <ComplianceBar compliance={props.leg.compliance} of={props.leg.title} />
      </div>
    </div>
  );
}

/** What went on along the bar, and beneath its end what did not: late ones, and those without a verdict. */
function LaneCounts(props: { leg: LegSummary }): JSX.Element {
  const scope = useScope();
  const counts = () => props.leg.counts;
  return (
    <>
      <a class="diagram-along quiet" href={scope.linkToRows(counts().met.href)}>
        {formatCount(counts().met.value)} met
      </a>
      <Show when={lateOf(props.leg) + counts().others.value > 0}>
        <p class="diagram-loss">
          <Show when={lateOf(props.leg) > 0}>
            <span class="late">{formatCount(lateOf(props.leg))} late</span>
          </Show>
          <Show when={counts().others.value > 0}>
            <a class="quiet" href={scope.linkToRows(counts().others.href)}>
              {formatCount(counts().others.value)} other
            </a>
          </Show>
        </p>
      </Show>
    </>
  );
}

function lateOf({ counts }: LegSummary): number {
  return counts.breached.value + counts.overdue.value;
}
