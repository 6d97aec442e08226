import type { Translation } from "@throughline/api/contract";
import type { JSX } from "solid-js";
import { STATE_FACES } from "./translation-text.ts";

/** The state of a translation as a shape and a word; only what waits for somebody has a colour. */
export function TranslationStateMark(props: { state: Translation["state"] }): JSX.Element {
  return (
    <span class="translation-state" data-state={props.state} title={STATE_FACES[props.state].meaning}>
      <span class="translation-shape" aria-hidden="true" />
      {STATE_FACES[props.state].word}
    </span>
  );
}
