import type { JSX } from "solid-js";
import "./criticality-tag.css";

export type Criticality = "critical" | "high" | "standard";

const WORDS: Record<Criticality, string> = { critical: "Critical", high: "High", standard: "Standard" };

/** How much an instance matters, as a word with one to three bars. */
export function CriticalityTag(props: { criticality: Criticality }): JSX.Element {
  return (
    <span class="criticality" data-criticality={props.criticality}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path class="criticality-bar" d="M2 11V8" />
        <path class="criticality-bar" d="M6 11V5" />
        <path class="criticality-bar" d="M10 11V2" />
      </svg>
      {WORDS[props.criticality]}
    </span>
  );
}
