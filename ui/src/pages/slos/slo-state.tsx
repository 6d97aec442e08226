import type { SloState } from "@throughline/api/contract";
import type { JSX } from "solid-js";
import "./slo-state.css";

const FACES: Record<SloState, { word: string; meaning: string }> = {
  page: { word: "Page", meaning: "The error budget burns so fast that somebody has to act now." },
  ticket: { word: "Ticket", meaning: "The error budget burns faster than it lasts: look into it this week." },
  within: { word: "Within", meaning: "No rule holds." },
  spent: {
    word: "Spent",
    meaning: "More legs were late over its window than the budget allows, though no rule holds now.",
  },
  few: { word: "Few legs", meaning: "Too few legs were judged for any rule: each late leg is seen by itself." },
  partial: { word: "Partial", meaning: "No rule holds, but some feeds that end these legs are silent." },
  unknown: { word: "Unknown", meaning: "No feed that ends these legs says how far it is complete." },
};

/** The state of an objective as a shape and a word; only what burns has a colour. */
export function SloStateMark(props: { state: SloState }): JSX.Element {
  return (
    <span class="slo-state" data-state={props.state} title={FACES[props.state].meaning}>
      <span class="slo-shape" aria-hidden="true" />
      {FACES[props.state].word}
    </span>
  );
}
