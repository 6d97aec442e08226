import type { SourceState } from "@throughline/api/contract";
import type { JSX } from "solid-js";
import "./source-state.css";

const FACES: Record<SourceState, { word: string; meaning: string }> = {
  complete: { word: "Complete", meaning: "All of it is here, as after an import." },
  reporting: { word: "Reporting", meaning: "Heard of lately." },
  quiet: { word: "Quiet", meaning: "Not heard of lately, but it promised no sign of life." },
  silent: {
    word: "Silent",
    meaning: "Not heard of for longer than it may be: nothing is known of what happened since.",
  },
};

/** The state of a feed as a shape and a word; only silence has a colour. */
export function SourceStateMark(props: { state: SourceState }): JSX.Element {
  return (
    <span class="source-state" data-state={props.state} title={FACES[props.state].meaning}>
      <span class="source-shape" aria-hidden="true" />
      {FACES[props.state].word}
    </span>
  );
}
