import type { Edge } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { formatCount, formatNoun } from "../../format/number.ts";
import { sayRedaction } from "./edge-text.ts";

/** What each interface of an edge left out of documents since it started: kinds of fields and figures, as the edge says them. */
export function EdgeRedaction(props: { edge: Edge }): JSX.Element {
  return (
    <Show when={props.edge.redacted.length > 0}>
      <h3>What stayed at the site</h3>
      <p class="quiet">
        Fields of documents since each interface started. What stood in them is known there alone, or to nobody.
      </p>
      <ul class="edge-redactions" aria-label="What stayed at the site">
        <For each={props.edge.redacted}>{(each) => <Redaction name={each.interface} counts={each.counts} />}</For>
      </ul>
    </Show>
  );
}

function Redaction(props: { name: string; counts: Edge["redacted"][number]["counts"] }): JSX.Element {
  const said = () => sayRedaction(props.counts);
  return (
    <li>
      <div class="edge-redaction">
        <span class="edge-cell mono" title={props.name}>
          {props.name}
        </span>
        <span>{formatNoun(said().total, "field")} left out</span>
      </div>
      <For each={said().parts}>
        {({ word, count }) => (
          <div class="edge-redaction quiet">
            <span>{word}</span>
            <span class="edge-figure">{formatCount(count)}</span>
          </div>
        )}
      </For>
    </li>
  );
}
