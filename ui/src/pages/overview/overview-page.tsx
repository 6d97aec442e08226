import type { Overview } from "@throughline/api/contract";
import { type JSX, Match, Show, Switch } from "solid-js";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { Known } from "../../parts/known.tsx";
import { Page } from "../../parts/page.tsx";
import { SkeletonBlock, SkeletonLines } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel, StaleNote } from "../../parts/state-panel.tsx";
import { AttentionLists } from "./attention-lists.tsx";
import { FeedPanel } from "./feed-panel.tsx";
import { FigureStrip } from "./figure-strip.tsx";
import { LegMatrix } from "./leg-matrix.tsx";
import { sayStanding } from "./overview-text.ts";
import { ThroughputChart } from "./throughput-chart.tsx";
import "./overview-page.css";

/** What stands where, and first of all what needs a person now. */
export function OverviewPage(): JSX.Element {
  const scope = useScope();
  const read = createRead(
    "/overview",
    () => ({ query: { ...scope.countQuery(), ...scope.asOfQuery() } }),
    () => ({ isKept: true }),
  );
  const title = () => (read.isSuccess && !isEmpty(read.data) ? sayStanding(read.data) : "Overview");
  return (
    <Page title={title()} windowTitle="Overview">
      <Show when={read.isRefetchError}>
        <StaleNote readAtMs={read.dataUpdatedAt} error={read.error} onRetry={() => void read.refetch()} />
      </Show>
      <Switch fallback={<OverviewSkeleton />}>
        <Match when={read.isLoadingError}>
          <ErrorPanel what="The overview" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess && isEmpty(read.data)}>
          <NothingHere />
        </Match>
        <Match when={read.isSuccess && read.data}>{(overview) => <OverviewBody overview={overview()} />}</Match>
      </Switch>
    </Page>
  );
}

function OverviewBody(props: { overview: Overview }): JSX.Element {
  return (
    <div class="overview">
      <FigureStrip overview={props.overview} />
      <AttentionLists flows={props.overview.flows} />
      <LegMatrix overview={props.overview} />
      <div class="overview-foot">
        <ThroughputChart overview={props.overview} />
        <Known value={props.overview.freshness}>{(freshness) => <FeedPanel freshness={freshness()} />}</Known>
      </div>
    </div>
  );
}

function OverviewSkeleton(): JSX.Element {
  return (
    <div class="overview">
      <SkeletonBlock height={76} />
      <SkeletonBlock height={272} />
      <SkeletonBlock height={420} />
      <div class="sr-only">
        <SkeletonLines widths={[50]} />
      </div>
    </div>
  );
}

/** Why the overview has nothing to show: nothing is there, or nothing of what is chosen. */
function NothingHere(): JSX.Element {
  const scope = useScope();
  const isNarrowed = () => scope.sites().length + scope.domains().length > 0;
  return (
    <Show when={isNarrowed()} fallback={<NothingYet />}>
      <EmptyPanel title="Nothing is known of what is chosen.">
        <p>
          No feed has sent anything for {[...scope.sites(), ...scope.domains()].join(", ")}, or it lies outside of what
          you may see.
        </p>
        <p>
          <button
            type="button"
            class="button"
            data-look="plain"
            onClick={() => {
              scope.setSites([]);
              scope.setDomains([]);
            }}
          >
            Show all sites and domains
          </button>
        </p>
      </EmptyPanel>
    </Show>
  );
}

function NothingYet(): JSX.Element {
  const scope = useScope();
  return (
    <Show when={scope.asOf() !== undefined} fallback={<FirstSteps />}>
      <EmptyPanel title="Nothing had arrived by then.">
        <p>Go back to a later moment, or to now.</p>
      </EmptyPanel>
    </Show>
  );
}

function FirstSteps(): JSX.Element {
  return (
    <EmptyPanel title="Nothing has arrived yet.">
      <p>Here stand the flows with their open, endangered and late legs, as soon as the first events are in.</p>
      <p>
        To see it filled, start the tower with <code>npm run demo</code>. To begin with your own data, send events to
        the gateway on port 4318 at <code>/v1/events</code>, or read a log with <code>throughline import</code>.
      </p>
    </EmptyPanel>
  );
}

/** As of a moment before any feed was known nothing is told of feeds at all. */
function isEmpty({ freshness, throughput, counts }: Overview): boolean {
  return (freshness?.feeds.value ?? 0) === 0 && throughput.total.value === 0 && counts.total.value === 0;
}
