import type { Edge, EdgeOrder } from "@throughline/api/contract";
import type { JSX } from "solid-js";
import { CONDITION_FACES, ORDER_FACES } from "./edge-text.ts";
import "./edges.css";

/** How an edge is, as a shape and a word; only what wants a person has a colour. */
export function ConditionMark(props: { condition: Edge["condition"] }): JSX.Element {
  const face = () => CONDITION_FACES[props.condition];
  return (
    <span class="edge-mark" data-state={props.condition} title={face().meaning}>
      <span class="edge-shape" aria-hidden="true" />
      {face().word}
    </span>
  );
}

/** How an order stands, as a shape and a word. */
export function OrderMark(props: { state: EdgeOrder["state"] }): JSX.Element {
  const face = () => ORDER_FACES[props.state];
  return (
    <span class="edge-mark" data-state={props.state} title={face().meaning}>
      <span class="edge-shape" aria-hidden="true" />
      {face().word}
    </span>
  );
}
