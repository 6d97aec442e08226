import type { LegDurations } from "@throughline/api/contract";
import { For, type JSX, Show, createMemo } from "solid-js";
import { formatDuration } from "../../format/duration.ts";
import { type DurationsState, placeOf, sayPercentiles, usualBudget } from "./durations.ts";
import "./duration-strip.css";

const HEIGHT = 26;

const WITHOUT: Record<DurationsState, string> = { reading: "", failed: "not read", read: "none ended" };

/** How long legs took, so small that it fits beside a name: late ones red, a line at the time allowed. */
export function DurationStrip(props: { durations: LegDurations | undefined; reading: DurationsState }): JSX.Element {
  return (
    <div class="duration-strip">
      <Show when={props.durations?.ended} fallback={<span class="quiet">{WITHOUT[props.reading]}</span>}>
        <Show when={props.durations}>{(durations) => <Strip durations={durations()} />}</Show>
      </Show>
    </div>
  );
}

function Strip(props: { durations: LegDurations }): JSX.Element {
  const bins = () => props.durations.bins;
  const most = createMemo(() => Math.max(1, ...bins().map(({ met, late }) => met + late)));
  const heightOf = (count: number): number => (count === 0 ? 0 : Math.max(1, (count / most()) * HEIGHT));
  const budget = () => usualBudget(props.durations);
  const target = () => placeOf(bins(), budget() ?? -1);
  const describe = () => `${sayPercentiles(props.durations)}, allowed ${formatDuration(budget() ?? 0)}`;
  return (
    <>
      <svg viewBox={`0 0 ${bins().length} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={describe()}>
        <For each={bins()}>
          {({ met, late }, index) => (
            <>
              <rect
                class="strip-met"
                x={index() + 0.08}
                width={0.84}
                y={HEIGHT - heightOf(met)}
                height={heightOf(met)}
              />
              <rect
                class="strip-late"
                x={index() + 0.08}
                width={0.84}
                y={HEIGHT - heightOf(met) - heightOf(late)}
                height={heightOf(late)}
              />
            </>
          )}
        </For>
        <Show when={target()}>
          {(at) => (
            <line class="strip-target" x1={at()} x2={at()} y1={0} y2={HEIGHT} vector-effect="non-scaling-stroke" />
          )}
        </Show>
      </svg>
      <span class="strip-text">{sayPercentiles(props.durations)}</span>
    </>
  );
}
