import type { Freshness } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { usePreferences } from "../data/preferences.tsx";
import { createRead } from "../data/read.ts";
import { useScope } from "../data/scope.tsx";
import { formatCount } from "../format/number.ts";
import { formatTime } from "../format/time.ts";
import { Known } from "../parts/known.tsx";
import "./feed-health.css";

const DAY_MS = 86_400_000;

/** How many feeds are complete, and to what time: what the figures of the page can be trusted for. */
export function FeedHealth(): JSX.Element {
  const scope = useScope();
  const overview = createRead(
    "/overview",
    () => ({ query: { ...scope.countQuery(), ...scope.asOfQuery() } }),
    () => ({ isKept: true }),
  );
  return (
    <Known value={overview.isSuccess ? overview.data.freshness : null}>
      {(freshness) => (
        <a
          class="feed-health"
          data-tone={freshness().silent.value > 0 ? "amber" : undefined}
          href={scope.linkTo("/coverage")}
        >
          <FeedSentence freshness={freshness()} />
        </a>
      )}
    </Known>
  );
}

function FeedSentence(props: { freshness: Freshness }): JSX.Element {
  const { zone } = usePreferences();
  const completeTo = (): string => {
    const at = props.freshness.completeTo;
    if (at === null) return "";
    return ` to ${formatTime(at, zone(), Date.now() - Date.parse(at) < DAY_MS ? "clock" : "minute")}`;
  };
  return (
    <Show when={props.freshness.feeds.value > 0} fallback="No feeds yet">
      {formatCount(props.freshness.complete.value)} of {formatCount(props.freshness.feeds.value)} feeds complete
      {completeTo()}
    </Show>
  );
}
