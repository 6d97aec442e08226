import type { ReconciliationItem, Statement } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { formatDecimal, formatNoun } from "../../format/number.ts";
import { Time } from "../../parts/time.tsx";
import { VerdictShape } from "../../parts/verdict-mark.tsx";
import {
  CLASS_FACES,
  type Drift,
  type Face,
  type ItemClass,
  type ReconciliationState,
  STATE_FACES,
  toShares,
} from "./reconciliation-text.ts";
import "../../parts/verdict-mark.css";
import "./reconciliation-marks.css";

/** How a reconciliation stands, as a shape, a word and, where it is abnormal, a colour. */
export function StateMark(props: { state: ReconciliationState; note?: string | undefined }): JSX.Element {
  return <FaceMark face={STATE_FACES[props.state]} note={props.note} />;
}

/** The class of an open item. */
export function ClassMark(props: { of: ItemClass }): JSX.Element {
  return <FaceMark face={CLASS_FACES[props.of]} note={undefined} />;
}

function FaceMark(props: { face: Face; note: string | undefined }): JSX.Element {
  return (
    <span class="verdict" data-tone={props.face.tone} title={props.note ?? props.face.meaning}>
      <VerdictShape verdict={props.face.shape} />
      <span class="face-word">{props.face.word}</span>
    </span>
  );
}

/** Of what the gross is made: each class by its share of it. What is unknown is hatched. */
export function ClassBar(props: { drift: Drift }): JSX.Element {
  const parts = () => toShares(props.drift.byClass);
  const words = () =>
    parts().map(
      ({ class: name, count, value }) =>
        `${CLASS_FACES[name].word} ${formatNoun(count, "item")}, ${formatDecimal(value)}`,
    );
  return (
    <span class="class-bar" role="img" aria-label={words().join("; ")} title={words().join("\n")}>
      <For each={parts()}>
        {(part) => <span class="class-part" data-class={part.class} style={{ "flex-grow": part.share }} />}
      </For>
    </span>
  );
}

/** Up to when both sides are complete. */
export function FeedEdges(props: { item: Pick<ReconciliationItem, "a" | "b" | "feeds"> }): JSX.Element {
  return (
    <span class="feed-edges">
      <FeedEdge title={props.item.a} feed={props.item.feeds.a} />
      <FeedEdge title={props.item.b} feed={props.item.feeds.b} />
    </span>
  );
}

/** Up to when the side is complete that is complete the least; its name stands there when nothing is known of it any more. */
export function LeastFeedEdge(props: { item: Pick<ReconciliationItem, "a" | "b" | "feeds"> }): JSX.Element {
  const least = () => {
    const { a, b, feeds } = props.item;
    return rankOf(feeds.a) <= rankOf(feeds.b) ? { title: a, feed: feeds.a } : { title: b, feed: feeds.b };
  };
  return (
    <Show
      when={!isBlind(least().feed) && least().feed.completeTo}
      fallback={<FeedEdge title={least().title} feed={least().feed} />}
    >
      {(at) => (
        <span class="feed-edge" title={`${least().title} is complete the least`}>
          <Time at={at()} style="minute" />
        </span>
      )}
    </Show>
  );
}

type Feed = Statement["feeds"]["a"];

function isBlind(feed: Feed): boolean {
  return feed.isSilent || feed.completeTo === null;
}

/** What nothing is known of comes first, then what is silent. */
function rankOf(feed: Feed): number {
  if (feed.completeTo === null) return -Infinity;
  return feed.isSilent ? Number.MIN_SAFE_INTEGER + Date.parse(feed.completeTo) : Date.parse(feed.completeTo);
}

/** Up to when one side is complete. */
export function FeedEdge(props: { title: string; feed: Feed }): JSX.Element {
  return (
    <span class="feed-edge" classList={{ blind: isBlind(props.feed) }}>
      <span class="feed-edge-title">{props.title}</span>{" "}
      <Show when={props.feed.completeTo} fallback="never heard of">
        {(at) => (
          <>
            {props.feed.isSilent ? "silent since " : "complete to "}
            <Time at={at()} style="minute" />
          </>
        )}
      </Show>
    </span>
  );
}
