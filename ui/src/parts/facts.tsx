import { For, type JSX, Show } from "solid-js";
import "./facts.css";

export interface Fact {
  name: string;
  value: JSX.Element;
}

/** Names and values beneath each other; facts without a value are left out. */
export function Facts(props: { facts: readonly (Fact | undefined)[] }): JSX.Element {
  return (
    <dl class="facts">
      <For each={props.facts}>
        {(fact) => (
          <Show when={fact}>
            {(known) => (
              <div class="fact">
                <dt>{known().name}</dt>
                <dd>{known().value}</dd>
              </div>
            )}
          </Show>
        )}
      </For>
    </dl>
  );
}
