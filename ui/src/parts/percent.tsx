import { type JSX, Show } from "solid-js";
import { formatCount, formatPercent } from "../format/number.ts";
import "./percent.css";

/** A share with what it is a share of: `96.4 % of 1,204`. Without anything to count it says so. */
export function Percent(props: { part: number; whole: number }): JSX.Element {
  return (
    <Show when={formatPercent(props.part, props.whole)} fallback={<span class="quiet nowrap">none yet</span>}>
      {(share) => (
        <span class="percent">
          {share()} <span class="percent-of">of {formatCount(props.whole)}</span>
        </span>
      )}
    </Show>
  );
}
