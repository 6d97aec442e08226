import RotateCcwClock from "lucide-solid/icons/rotate-ccw-clock";
import type { JSX } from "solid-js";
import "./corrected-mark.css";

/** Says that a verdict took the place of one that had been decided. */
export function CorrectedMark(props: { hasWord?: boolean }): JSX.Element {
  return (
    <span class="corrected-mark" title="A verdict that had been decided was corrected by what arrived later.">
      <RotateCcwClock size={13} aria-hidden="true" />
      <span classList={{ "sr-only": props.hasWord !== true }}>Corrected</span>
    </span>
  );
}
