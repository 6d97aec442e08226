import type { JSX } from "solid-js";
import { formatDuration } from "../format/duration.ts";

/** A length of time; the exact milliseconds are shown on hover. */
export function Duration(props: { ms: number }): JSX.Element {
  return (
    <span class="nowrap" title={`${props.ms} ms`}>
      {formatDuration(props.ms)}
    </span>
  );
}
