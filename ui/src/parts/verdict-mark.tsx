import type { Verdict } from "@throughline/schemas/leg";
import { type JSX, Match, Show, Switch } from "solid-js";
import { CorrectedMark } from "./corrected-mark.tsx";
import { faceOf } from "./verdict.ts";
import "./verdict-mark.css";

interface VerdictMarkProps {
  verdict: Verdict;
  /** Said after the word, such as the time that remains. */
  note?: string | undefined;
  /** It took the place of one that had been decided. */
  isCorrected?: boolean;
  /** Shape alone; the word is still read aloud and shown as a tooltip. */
  isShapeOnly?: boolean;
}

/** A verdict as a shape, a word and, where it is abnormal, a colour. */
export function VerdictMark(props: VerdictMarkProps): JSX.Element {
  const face = () => faceOf(props.verdict);
  return (
    <span class="verdict" data-tone={face().tone} title={face().meaning}>
      <VerdictShape verdict={props.verdict} />
      <span classList={{ "sr-only": props.isShapeOnly === true }}>{face().word}</span>
      <Show when={props.note}>{(note) => <span class="verdict-note">{note()}</span>}</Show>
      <Show when={props.isCorrected === true}>
        <CorrectedMark />
      </Show>
    </span>
  );
}

/** The shape of a verdict, 14 px square, for where words stand elsewhere. */
export function VerdictShape(props: { verdict: Verdict }): JSX.Element {
  return (
    <svg
      class="verdict-shape"
      data-verdict={props.verdict}
      viewBox="0 0 14 14"
      width="14"
      height="14"
      aria-hidden="true"
    >
      <Switch>
        <Match when={props.verdict === "MET"}>
          <path d="M2.5 7.5 5.6 10.5 11.5 3.8" />
        </Match>
        <Match when={props.verdict === "OPEN"}>
          <circle cx="7" cy="7" r="4.6" />
        </Match>
        <Match when={props.verdict === "AT_RISK"}>
          <path d="M7 1.6 13 12.2H1Z" />
        </Match>
        <Match when={props.verdict === "BREACHED"}>
          <path d="M7 .8 13.2 7 7 13.2.8 7Z" />
        </Match>
        <Match when={props.verdict === "OVERDUE_PROVISIONAL"}>
          <path d="M7 1.4 12.6 7 7 12.6 1.4 7Z" />
        </Match>
        <Match when={props.verdict === "PENDING_START"}>
          <circle cx="7" cy="7" r="4.6" />
          <path d="M7 7h5" />
        </Match>
        <Match when={props.verdict === "ORPHAN_END"}>
          <path d="M8 2.5h3.5v9H8M2 7h5" />
        </Match>
        <Match when={props.verdict === "SEQUENCE"}>
          <path d="M2 4.5h9M8.5 2 11 4.5 8.5 7M12 9.5H3M5.5 7 3 9.5 5.5 12" />
        </Match>
        <Match when={props.verdict === "UNKNOWN"}>
          <path d="M2 2h10v10H2ZM2 7 7 2M2 12 12 2M7 12 12 7" />
        </Match>
        <Match when={props.verdict === "EXCLUDED"}>
          <path d="M2.5 7h9" />
        </Match>
        <Match when={props.verdict === "PAUSED"}>
          <path d="M5 2.5v9M9 2.5v9" />
        </Match>
        <Match when={props.verdict === "SUPERSEDED"}>
          <path d="M2 7h5M7 3.5 10.5 7 7 10.5M12 3.5v7" />
        </Match>
      </Switch>
    </svg>
  );
}
