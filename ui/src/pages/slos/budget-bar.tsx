import type { SloItem } from "@throughline/api/contract";
import { type JSX, Show } from "solid-js";
import { formatAllowed, formatLeft } from "./slo-text.ts";
import "./budget-bar.css";

/** What is left of an error budget: a bar that empties, and is red when more was spent than there was. */
export function BudgetBar(props: { budget: SloItem["budget"] }): JSX.Element {
  const left = () => props.budget.left;
  return (
    <Show when={left() !== null} fallback={<span class="quiet nowrap">nothing judged</span>}>
      <span class="budget" classList={{ overspent: (left() ?? 0) < 0 }}>
        <span class="budget-bar" aria-hidden="true">
          <span class="budget-left" style={{ width: `${Math.max(0, Math.min(1, left() ?? 0)) * 100}%` }} />
        </span>
        <span class="budget-share">{formatLeft(left())}</span>
        <span class="budget-n">of {formatAllowed(props.budget.allowed)}</span>
      </span>
    </Show>
  );
}
