import { useLocation } from "@solidjs/router";
import RotateCcwClock from "lucide-solid/icons/rotate-ccw-clock";
import { type JSX, Show } from "solid-js";
import { usePreferences } from "../data/preferences.tsx";
import { useScope } from "../data/scope.tsx";
import { formatTime, formatZone } from "../format/time.ts";
import "./as-of-banner.css";

/** The pages that answer what was known at a moment. */
const ANSWERING =
  /^\/($|breaches|legs|flows|slos|coverage|catalogue|excuses|outcomes|close|reconciliations($|\/[^/]+\/(statement|items|moves))|journeys\/.)/;

/** Says that a page shows what was known at an earlier moment, or that this one does not, and leads back to now. */
export function AsOfBanner(): JSX.Element {
  const scope = useScope();
  const location = useLocation();
  const { zone } = usePreferences();
  const isAnswering = () => ANSWERING.test(location.pathname);
  return (
    <Show when={scope.asOf()}>
      {(atMs) => (
        <div class="as-of" classList={{ present: !isAnswering() }} role="status">
          <RotateCcwClock size={16} aria-hidden="true" />
          <p>
            <strong>
              {isAnswering() ? "As known on " : "This page shows the present, not what was known on "}
              <time dateTime={new Date(atMs()).toISOString()}>
                {formatTime(atMs(), zone(), "dated")} {formatZone(zone(), atMs())}
              </time>
              .
            </strong>{" "}
            <span class="as-of-rest">
              {isAnswering()
                ? "What arrived or was judged later is left out."
                : "The overview, flows, service levels, legs, journeys, reconciliations, coverage, catalogue and excuses go back to that moment."}
            </span>
          </p>
          <button type="button" class="button" data-look="plain" onClick={() => scope.setAsOf(undefined)}>
            Back to now
          </button>
        </div>
      )}
    </Show>
  );
}
