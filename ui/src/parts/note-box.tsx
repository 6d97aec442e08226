import type { JSX } from "solid-js";
import "./note-box.css";

/** The state of what a drawer shows, and beneath it what that means. */
export function StateLine(props: { mark: JSX.Element; children: JSX.Element }): JSX.Element {
  return (
    <div class="state-line">
      {props.mark}
      {props.children}
    </div>
  );
}

/** What to do, or what was said, set apart from the rest. */
export function NoteBox(props: { title: string; children: JSX.Element }): JSX.Element {
  return (
    <div class="note-box">
      <h3>{props.title}</h3>
      {props.children}
    </div>
  );
}
