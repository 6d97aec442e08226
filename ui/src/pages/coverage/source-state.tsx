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

const CLOSED = { word: "Closed", meaning: "Not heard of, but its calendar says that it is closed." };

/** The state of a feed as a shape and a word; only silence has a colour. `isExcused`: it may say nothing now. */
export function SourceStateMark(props: { state: SourceState; isExcused?: boolean }): JSX.Element {
  const face = () => (props.isExcused === true ? CLOSED : FACES[props.state]);
  return (
    <span class="source-state" data-state={props.isExcused === true ? "closed" : props.state} title={face().meaning}>
      <span class="source-shape" aria-hidden="true" />
      {face().word}
    </span>
  );
}
