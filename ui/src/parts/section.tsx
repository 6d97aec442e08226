import { type JSX, Show } from "solid-js";
import "./section.css";

interface SectionProps {
  title: string;
  /** Beside the title: how many, of when, what it is good for. */
  note?: JSX.Element;
  /** At the right: what can be done with it. */
  actions?: JSX.Element;
  class?: string;
  children: JSX.Element;
}

/** A region of a page under its own title. */
export function Section(props: SectionProps): JSX.Element {
  return (
    <section class={`section ${props.class ?? ""}`} aria-label={props.title}>
      <header class="section-head">
        <h2>{props.title}</h2>
        <Show when={props.note}>
          <span class="section-note">{props.note}</span>
        </Show>
        <Show when={props.actions}>
          <span class="section-actions">{props.actions}</span>
        </Show>
      </header>
      {props.children}
    </section>
  );
}
