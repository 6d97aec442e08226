import type { Freshness, Source } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { Section } from "../../parts/section.tsx";
import { SkeletonRows } from "../../parts/skeleton.tsx";
import { SourceStateMark } from "../coverage/source-state.tsx";
import { Time } from "../../parts/time.tsx";

const SHOWN = 6;
const MOST_READ = 200;

/** All feeds of the page's scope; whoever asks shares one answer. */
export function createSourcesRead() {
  const scope = useScope();
  return createRead(
    "/sources",
    () => ({ query: { ...scope.countQuery(), ...scope.asOfQuery(), limit: MOST_READ } }),
    () => ({ isKept: true }),
  );
}

/** The feeds whose word reaches least far: what the figures of this page cannot know yet. */
export function FeedPanel(props: { freshness: Freshness }): JSX.Element {
  const scope = useScope();
  const read = createSourcesRead();
  const furthestBehind = (): Source[] =>
    (read.isSuccess ? read.data.items : [])
      .filter(({ state }) => state !== "complete")
      .toSorted((a, b) => reachOf(a).localeCompare(reachOf(b)))
      .slice(0, SHOWN);
  return (
    <Section
      title="Feeds"
      note="furthest behind first"
      actions={<a href={scope.linkTo("/coverage")}>All {props.freshness.feeds.value}</a>}
    >
      <Show when={!read.isPending} fallback={<SkeletonRows count={SHOWN} />}>
        <ul>
          <For each={furthestBehind()} fallback={<p class="leg-lines-empty">Every feed is complete.</p>}>
            {(source) => (
              <li>
                <a class="feed-line" href={scope.linkTo(`/coverage?open=${encodeURIComponent(source.source)}`)}>
                  <SourceStateMark state={source.state} />
                  <span class="feed-name">{source.source}</span>
                  <span class="quiet">
                    <Time at={source.completeTo ?? source.lastArrivedAt} />
                  </span>
                </a>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Section>
  );
}

function reachOf(source: Source): string {
  return source.completeTo ?? source.lastArrivedAt;
}
