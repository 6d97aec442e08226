import type { ExcuseState } from "@throughline/api/contract";
import type { JSX } from "solid-js";
import { STATE_FACES } from "./excuse-text.ts";
import "./excuse-state.css";

/** The state of a window as a shape and a word; only what waits for somebody has a colour. */
export function ExcuseStateMark(props: { state: ExcuseState }): JSX.Element {
  return (
    <span class="excuse-state" data-state={props.state} title={STATE_FACES[props.state].meaning}>
      <span class="excuse-shape" aria-hidden="true" />
      {STATE_FACES[props.state].word}
    </span>
  );
}
