import type { JourneyEvent } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { formatCount } from "../../format/number.ts";
import "./event-marks.css";

/** What deserves a second look about an event: that it failed, came again, was corrected or contradicts another. */
export function EventMarks(props: { event: JourneyEvent }): JSX.Element {
  const event = () => props.event;
  return (
    <span class="event-marks">
      <Show when={event().outcome !== null && event().outcome !== "ok"}>
        <Mark
          tone={event().outcome === "retried" ? "amber" : "red"}
          word={event().outcome ?? ""}
          meaning={event().error?.message ?? "This step did not succeed."}
        />
      </Show>
      <Show when={event().isConflict}>
        <Mark
          tone="red"
          word="conflict"
          meaning="Another content came under the same identity and revision. The smaller digest counts until a person chooses."
        />
      </Show>
      <Show when={event().standing === "outvoted"}>
        <Mark tone="quiet" word="does not count" meaning="Another content of the same identity and revision counts." />
      </Show>
      <Show when={event().standing === "superseded"}>
        <Mark tone="quiet" word="superseded" meaning="A later revision took its place." />
      </Show>
      <Show when={event().revision > 0}>
        <Mark tone="blue-grey" word={`revision ${event().revision}`} meaning={event().reason} />
      </Show>
      <Show when={event().reverses !== null}>
        <Mark tone="blue-grey" word="reversal" meaning="It takes back an earlier event." />
      </Show>
      <Show when={event().duplicates > 0}>
        <Mark
          tone="quiet"
          word={`came ${formatCount(event().duplicates + 1)} times`}
          meaning="The repetitions were counted and have no effect."
        />
      </Show>
    </span>
  );
}

function Mark(props: { tone: string; word: string; meaning: string }): JSX.Element {
  return (
    <span class="event-mark" data-tone={props.tone} title={props.meaning}>
      {props.word}
    </span>
  );
}
