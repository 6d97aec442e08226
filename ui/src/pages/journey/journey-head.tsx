import type { Journey } from "@throughline/api/contract";
import { type JSX, Show, createMemo } from "solid-js";
import { useNow } from "../../data/clock.tsx";
import type { Names } from "../../data/names.ts";
import { formatNoun } from "../../format/number.ts";
import { Identifier } from "../../parts/identifier.tsx";
import { Time } from "../../parts/time.tsx";
import { LegResponse } from "../legs/leg-drawer.tsx";
import { LegState } from "../legs/leg-columns.tsx";
import { explainLeg } from "../legs/leg-text.ts";
import { findActionableLeg, findFirstLeg } from "./journey-text.ts";

/** Who it is, how it stands and what to do next. */
export function JourneyHead(props: { journey: Journey; names: Names }): JSX.Element {
  const object = () => props.journey.object;
  const first = createMemo(() => findFirstLeg(props.journey.legs));
  const actionable = createMemo(() => findActionableLeg(props.journey.legs));
  const now = useNow();
  return (
    <header class="journey-head">
      <div class="journey-who">
        <p class="quiet">{object().title}</p>
        <p class="journey-id">
          <Identifier value={object().id} kind={object().title} />
        </p>
        <JourneyFacts journey={props.journey} />
      </div>
      <div class="journey-state">
        <Show when={first()} fallback={<p class="quiet">No leg of a flow begins or ends with it.</p>}>
          {(leg) => (
            <>
              <p class="journey-verdict">
                <LegState leg={leg()} /> <span>{props.names.legOf(leg().flow, leg().leg)}</span>
              </p>
              <p class="quiet">{explainLeg(leg(), now())}</p>
            </>
          )}
        </Show>
      </div>
      <Show when={actionable()}>{(leg) => <LegResponse flow={leg().flow} leg={leg().leg} />}</Show>
    </header>
  );
}

function JourneyFacts(props: { journey: Journey }): JSX.Element {
  const sites = () => [...new Set(props.journey.events.map(({ site }) => site))].filter((site) => site !== "");
  const feeds = () => new Set(props.journey.events.map(({ source }) => source)).size;
  const first = () => props.journey.events[0];
  const last = () => props.journey.events.at(-1);
  return (
    <p class="journey-facts quiet">
      {sites().join(", ") || "Group-wide"} · {formatNoun(feeds(), "feed")} ·{" "}
      <Show when={first()}>
        {(begin) => (
          <>
            began <Time at={begin().time} />, last event <Time at={last()?.time ?? begin().time} />
          </>
        )}
      </Show>
    </p>
  );
}
