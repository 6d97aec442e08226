import type { CadenceState } from "@throughline/api/contract";
import type { JSX } from "solid-js";
import { CADENCE_WORDS } from "./interface-text.ts";
import "./cadence-mark.css";

/** Whether traffic comes as agreed, as a shape and a word. */
export function CadenceMark(props: { state: CadenceState }): JSX.Element {
  return (
    <span class="cadence" data-state={props.state} title={CADENCE_WORDS[props.state].meaning}>
      <span class="cadence-shape" aria-hidden="true" />
      {CADENCE_WORDS[props.state].word}
    </span>
  );
}
