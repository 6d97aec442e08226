import type { JSX } from "solid-js";
import { STATE_FACES, type WorkState } from "./match-text.ts";
import "./match-state.css";

/** How the work on a match stands, as a shape and a word; what waits for somebody has a colour. */
export function MatchStateMark(props: { state: WorkState }): JSX.Element {
  return (
    <span class="match-state" data-state={props.state} title={STATE_FACES[props.state].meaning}>
      <span class="match-shape" aria-hidden="true" />
      {STATE_FACES[props.state].word}
    </span>
  );
}
