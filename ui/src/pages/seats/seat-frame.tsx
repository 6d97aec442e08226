import { useLocation } from "@solidjs/router";
import type { Freshness } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch } from "solid-js";
import { toPageHref } from "../../data/links.ts";
import { useScope } from "../../data/scope.tsx";
import { formatCount, formatNoun } from "../../format/number.ts";
import type { ListRead } from "../../parts/list-body.tsx";
import { SkeletonBlock } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel, StaleNote } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { SEATS, sayReason } from "./seat-text.ts";
import "./seats.css";

/** The seats beside one another. */
export function SeatLinks(): JSX.Element {
  const location = useLocation();
  const scope = useScope();
  return (
    <nav class="seat-links" aria-label="Seats">
      <For each={SEATS}>
        {({ id, title }) => (
          <a
            href={scope.linkTo(`/seats/${id}`)}
            aria-current={location.pathname.startsWith(`/seats/${id}`) ? "page" : undefined}
          >
            {title}
          </a>
        )}
      </For>
    </nav>
  );
}

/** What the figures can be trusted for. */
export function SeatFeeds(props: { feeds: Freshness }): JSX.Element {
  const feeds = () => props.feeds;
  return (
    <p class="seat-feeds" data-tone={feeds().silent.value > 0 ? "amber" : undefined}>
      <Show when={feeds().feeds.value > 0} fallback="No feed of this seat was ever heard.">
        <a href={toPageHref(feeds().feeds.href)}>
          {formatCount(feeds().complete.value)} of {formatNoun(feeds().feeds.value, "feed")}
        </a>{" "}
        complete
        <Show when={feeds().completeTo}>
          {(at) => (
            <>
              {" "}
              to <Time at={at()} style="minute" />
            </>
          )}
        </Show>
        .
      </Show>
      <Show when={feeds().silent.value > 0}>
        {" "}
        <a href={toPageHref(feeds().silent.href)}>{formatNoun(feeds().silent.value, "feed")} silent</a>: what they would
        have said is missing in these figures.
      </Show>
    </p>
  );
}

/** How far evaluation is behind what was acknowledged, where it is. */
export function SeatLag(props: { pendingSince: string | null | undefined }): JSX.Element {
  return (
    <Show when={props.pendingSince}>
      {(at) => (
        <p class="seat-feeds" data-tone="amber">
          Matches are evaluated up to <Time at={at()} style="minute" />; what arrived since is not in these figures yet.
        </p>
      )}
    </Show>
  );
}

interface SeatBodyProps<Seat> {
  what: string;
  read: ListRead;
  seat: Seat | undefined;
  children: (seat: Seat) => JSX.Element;
}

/** A seat in each of its states: loading, failed, nothing to be said, old, or there. */
export function SeatBody<Seat extends { because: string | null; feeds: Freshness }>(
  props: SeatBodyProps<Seat>,
): JSX.Element {
  const retry = (): void => void props.read.refetch();
  return (
    <>
      <Show when={props.read.isRefetchError}>
        <StaleNote readAtMs={props.read.dataUpdatedAt} error={props.read.error} onRetry={retry} />
      </Show>
      <PastNote />
      <Switch fallback={<SkeletonBlock height={360} />}>
        <Match when={props.read.isLoadingError}>
          <ErrorPanel what={props.what} error={props.read.error} onRetry={retry} />
        </Match>
        <Match when={props.seat?.because}>
          {(because) => (
            <EmptyPanel title="No figure can be given here.">
              <p>{sayReason(because())}</p>
            </EmptyPanel>
          )}
        </Match>
        <Match when={props.seat}>
          {(seat) => (
            <>
              <SeatFeeds feeds={seat().feeds} />
              {props.children(seat())}
            </>
          )}
        </Match>
      </Switch>
    </>
  );
}

/** Seats are of now, also while the rest of the tower shows an earlier moment. */
function PastNote(): JSX.Element {
  const scope = useScope();
  return (
    <Show when={scope.asOf() !== undefined}>
      <p class="seat-feeds" data-tone="amber">
        A seat shows what stands now; it has no earlier moment.
      </p>
    </Show>
  );
}
