import type { LegSummary } from "@throughline/api/contract";
import type { JSX } from "solid-js";
import "./statutory-mark.css";

export type Statutory = NonNullable<LegSummary["statutory"]>;

/** A lozenge before what the law sets; the rule is read aloud and shown as a tooltip, or beside it where there is room. */
export function StatutoryMark(props: { statutory: Statutory; isShort?: boolean }): JSX.Element {
  const rule = () => `${props.statutory.title}, ${props.statutory.citation}`;
  return (
    <span class="statutory" title={`Set by law: ${rule()}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d="M6 .9 10.2 6 6 11.1 1.8 6Z" />
      </svg>
      <span classList={{ "sr-only": props.isShort === true }}>
        <span class="sr-only">Set by law: </span>
        {rule()}
      </span>
    </span>
  );
}
