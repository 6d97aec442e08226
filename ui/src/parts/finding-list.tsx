import { For, type JSX, Show } from "solid-js";
import { type Criticality, CriticalityTag } from "./criticality-tag.tsx";
import "./finding-list.css";

export interface FindingView {
  title: string;
  /** What was found, in a sentence. */
  text: string;
  severity: Criticality;
  /** When it was, how often. */
  note: JSX.Element;
}

/** What is not as it was agreed, with how much it matters; a sentence where there is nothing. */
export function FindingList(props: { findings: readonly FindingView[]; none: string }): JSX.Element {
  return (
    <Show when={props.findings.length > 0} fallback={<p class="quiet">{props.none}</p>}>
      <ul class="finding-list" aria-label="Findings">
        <For each={props.findings}>
          {(finding) => (
            <li data-severity={finding.severity}>
              <span class="finding-head">
                <b>{finding.title}</b> <CriticalityTag criticality={finding.severity} />
              </span>
              <p>{finding.text}</p>
              <p class="quiet">{finding.note}</p>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}
