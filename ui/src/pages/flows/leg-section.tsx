import type { FlowDetail, FlowDurations, LegDurations } from "@throughline/api/contract";
import { type JSX, Match, Show, Switch } from "solid-js";
import { Histogram } from "../../charts/histogram.tsx";
import { usePreferences } from "../../data/preferences.tsx";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatDuration } from "../../format/duration.ts";
import { formatNoun } from "../../format/number.ts";
import { formatTime } from "../../format/time.ts";
import { Facts } from "../../parts/facts.tsx";
import { Section } from "../../parts/section.tsx";
import { SkeletonBlock } from "../../parts/skeleton.tsx";
import { ErrorPanel } from "../../parts/state-panel.tsx";
import { DurationTables } from "./duration-tables.tsx";
import { type DurationsState, toHistogram } from "./durations.ts";
import { HeatMap } from "./heat-map.tsx";
import { SupplierTable } from "./supplier-table.tsx";
import "./leg-section.css";

const HEIGHT = 208;

interface LegSectionProps {
  flow: FlowDetail;
  leg: string;
  durations: LegDurations | undefined;
  reading: DurationsState;
  failure: Error | null;
  onRetry: () => void;
  /** What the durations were counted over. */
  range: FlowDurations["range"] | undefined;
}

/** One leg closely: how long it took, at which site and hour it is late, and with whom. */
export function LegSection(props: LegSectionProps): JSX.Element {
  const scope = useScope();
  const { zone } = usePreferences();
  const title = () => props.flow.summary.legs.find(({ id }) => id === props.leg)?.title ?? props.leg;
  const read = createRead(
    "/flows/{flow}/legs/{leg}",
    () => ({
      path: { flow: props.flow.definition.id, leg: props.leg },
      query: { ...scope.countQuery(), ...scope.asOfQuery(), zone: zone() },
    }),
    () => ({ isKept: true }),
  );
  return (
    <Section title={title()} note={sayCounted(props.range, props.flow.range, zone())}>
      <div class="leg-closely">
        <Switch fallback={<SkeletonBlock height={HEIGHT} />}>
          <Match when={props.reading === "failed"}>
            <ErrorPanel what="How long it took" error={props.failure} onRetry={props.onRetry} />
          </Match>
          <Match when={props.reading === "read"}>
            <Durations durations={props.durations} />
          </Match>
        </Switch>
        <DurationTables flow={props.flow.definition.id} leg={props.leg} />
        <Switch fallback={<SkeletonBlock height={220} />}>
          <Match when={read.isLoadingError}>
            <ErrorPanel what="This leg" error={read.error} onRetry={() => void read.refetch()} />
          </Match>
          <Match when={read.isSuccess && read.data}>
            {(profile) => (
              <>
                <HeatMap cells={profile().cells} />
                <SupplierTable profile={profile()} />
              </>
            )}
          </Match>
        </Switch>
      </div>
    </Section>
  );
}

/** What is shown, and since when where the range holds too many legs for all of it. */
function sayCounted(counted: FlowDurations["range"] | undefined, asked: FlowDurations["range"], zone: string): string {
  const what = "how long it took, and where, when and with whom it is late";
  return counted === undefined || counted.from <= asked.from
    ? what
    : `${what}; of the newest legs, since ${formatTime(counted.from, zone)}`;
}

function Durations(props: { durations: LegDurations | undefined }): JSX.Element {
  return (
    <Show when={props.durations} fallback={<p class="quiet flow-foot">No leg of this kind falls into this time.</p>}>
      {(durations) => (
        <div class="leg-durations">
          <Show
            when={durations().ended > 0}
            fallback={<p class="quiet flow-foot">None of them has ended, so that there is no time to show.</p>}
          >
            <Histogram title="Time taken" data={toHistogram(durations())} height={HEIGHT} />
          </Show>
          <DurationFacts durations={durations()} />
        </div>
      )}
    </Show>
  );
}

function DurationFacts(props: { durations: LegDurations }): JSX.Element {
  const length = (name: string, ms: number | null) =>
    ms === null ? undefined : { name, value: <span class="number">{formatDuration(ms)}</span> };
  return (
    <Facts
      facts={[
        { name: "Ended", value: formatNoun(props.durations.ended, "leg") },
        { name: "Not ended", value: formatNoun(props.durations.running, "leg") },
        length("Half took up to", props.durations.p50Ms),
        length("90 % up to (p90)", props.durations.p90Ms),
        length("95 % up to (p95)", props.durations.p95Ms),
        length("Longest", props.durations.maxMs),
      ]}
    />
  );
}
