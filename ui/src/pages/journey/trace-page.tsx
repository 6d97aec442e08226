import { useParams } from "@solidjs/router";
import type { TraceDetail } from "@throughline/api/contract";
import { type JSX, Match, Show, Switch, createMemo } from "solid-js";
import { ApiError } from "../../data/client.ts";
import { decodePathPart } from "../../data/links.ts";
import { createNames } from "../../data/names.ts";
import { createOpenRow } from "../../data/open-row.ts";
import { createRead } from "../../data/read.ts";
import { formatSpanDuration } from "../../format/duration.ts";
import { formatNoun } from "../../format/number.ts";
import { Identifier } from "../../parts/identifier.tsx";
import { Page } from "../../parts/page.tsx";
import { SkeletonBlock } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { EventTable } from "./event-table.tsx";
import { JourneyDrawer } from "./journey-drawer.tsx";
import { Waterfalls } from "./waterfall.tsx";
import "./journey-page.css";

/** The spans and the events of one trace. */
export function TracePage(): JSX.Element {
  const params = useParams();
  const id = createMemo(() => decodePathPart(params.id));
  const read = createRead("/traces/{id}", () => ({ path: { id: id() } }));
  const isMissing = () => read.error instanceof ApiError && read.error.status === 404;
  return (
    <Page title={`Trace ${id()}`} isTitleHidden>
      <Switch fallback={<SkeletonBlock height={320} />}>
        <Match when={read.isLoadingError && isMissing()}>
          <EmptyPanel title="Nothing is known of this trace.">
            No span and no event names it, or it lies outside of what you may see.
          </EmptyPanel>
        </Match>
        <Match when={read.isLoadingError}>
          <ErrorPanel what="The trace" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess && read.data}>{(trace) => <TraceBody trace={trace()} />}</Match>
      </Switch>
    </Page>
  );
}

function TraceBody(props: { trace: TraceDetail }): JSX.Element {
  const names = createNames();
  const open = createOpenRow();
  return (
    <div class="journey">
      <header>
        <p class="quiet">Trace</p>
        <p class="journey-id">
          <Identifier value={props.trace.traceId} kind="trace id" />
        </p>
        <p class="journey-facts quiet">
          {formatSpanDuration(props.trace.durationNs)} over {formatNoun(props.trace.services.length, "system")}
          <Show when={props.trace.startedAt}>
            {(at) => (
              <>
                , began <Time at={at()} style="second" />
              </>
            )}
          </Show>
        </p>
      </header>
      <Waterfalls spans={props.trace.spans} isTruncated={props.trace.isTruncated} open={open} isNamed />
      <Show when={props.trace.events.length > 0}>
        <EventTable events={props.trace.events} isTruncated={false} foreignSteps={0} open={open} />
      </Show>
      <JourneyDrawer journey={{ ...props.trace, legs: [], matches: [] }} names={names} open={open} />
    </div>
  );
}
