import { useParams } from "@solidjs/router";
import type { Journey } from "@throughline/api/contract";
import { type JSX, Match, Show, Switch, createMemo } from "solid-js";
import { ApiError } from "../../data/client.ts";
import { decodePathPart } from "../../data/links.ts";
import { createNames } from "../../data/names.ts";
import { toTitle } from "../../format/title.ts";
import { createOpenRow } from "../../data/open-row.ts";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { Page } from "../../parts/page.tsx";
import { SkeletonBlock } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel, StaleNote } from "../../parts/state-panel.tsx";
import { EventTable } from "./event-table.tsx";
import { JourneyDrawer } from "./journey-drawer.tsx";
import { JourneyHead } from "./journey-head.tsx";
import { JourneyMatches } from "./journey-matches.tsx";
import { ObjectList } from "./object-list.tsx";
import { Timeline } from "./timeline.tsx";
import { Waterfalls } from "./waterfall.tsx";
import "./journey-page.css";

/** What happened to one business object, over all systems. */
export function JourneyPage(): JSX.Element {
  const params = useParams();
  const scope = useScope();
  const object = createMemo(() => ({ type: decodePathPart(params.type), id: decodePathPart(params.id) }));
  const read = createRead("/journeys/{type}/{id}", () => ({ path: object(), query: scope.asOfQuery() }));
  const isMissing = () => read.error instanceof ApiError && read.error.status === 404;
  return (
    <Page title={`${toTitle(object().type)} ${object().id}`} isTitleHidden>
      <Show when={read.isRefetchError}>
        <StaleNote readAtMs={read.dataUpdatedAt} error={read.error} onRetry={() => void read.refetch()} />
      </Show>
      <Switch fallback={<JourneySkeleton />}>
        <Match when={read.isLoadingError && isMissing()}>
          <EmptyPanel title={`Nothing is known of ${toTitle(object().type).toLowerCase()} ${object().id}.`}>
            <p>
              No event and no trace names it, or it lies outside of what you may see. Keys are kept exactly as they were
              sent.
            </p>
            <p>
              <a href={scope.linkTo(`/journeys?key=${encodeURIComponent(object().id)}`)}>Search for a part of it</a>
            </p>
          </EmptyPanel>
        </Match>
        <Match when={read.isLoadingError}>
          <ErrorPanel what="The journey" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess && read.data}>{(journey) => <JourneyBody journey={journey()} />}</Match>
      </Switch>
    </Page>
  );
}

function JourneyBody(props: { journey: Journey }): JSX.Element {
  const names = createNames();
  const open = createOpenRow();
  return (
    <div class="journey">
      <JourneyHead journey={props.journey} names={names} />
      <div class="journey-columns">
        <div class="journey-main">
          <Timeline journey={props.journey} names={names} open={open} />
          <EventTable
            events={props.journey.events}
            isTruncated={props.journey.isTruncated.events}
            foreignSteps={props.journey.foreignSteps.length}
            open={open}
          />
          <JourneyMatches journey={props.journey} open={open} />
          <Waterfalls spans={props.journey.spans} isTruncated={props.journey.isTruncated.spans} open={open} />
        </div>
        <ObjectList journey={props.journey} />
      </div>
      <JourneyDrawer journey={props.journey} names={names} open={open} />
    </div>
  );
}

function JourneySkeleton(): JSX.Element {
  return (
    <div class="journey">
      <SkeletonBlock height={112} />
      <SkeletonBlock height={320} />
      <SkeletonBlock height={280} />
    </div>
  );
}
