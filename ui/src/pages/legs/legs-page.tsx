import type { JSX } from "solid-js";
import { LegListPage } from "./leg-list-page.tsx";

/** Every leg in its current state. */
export function LegsPage(): JSX.Element {
  return (
    <LegListPage
      title="Legs"
      api="/legs"
      emptyTitle="No leg is in this time."
      emptyText={
        <p>
          Legs appear as soon as an event starts one. Widen the time range (<kbd>t</kbd>) or clear the filters.
        </p>
      }
    />
  );
}
