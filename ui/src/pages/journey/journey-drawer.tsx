import type { Journey, JourneyEvent, JourneyLeg } from "@throughline/api/contract";
import { type JSX, Match, Switch } from "solid-js";
import { createMayAct } from "../../data/may-act.ts";
import type { Names } from "../../data/names.ts";
import type { OpenRow } from "../../data/open-row.ts";
import { toStatedKey } from "../../data/links.ts";
import { Drawer } from "../../parts/drawer.tsx";
import { LegDetail } from "../legs/leg-drawer.tsx";
import { toLegKey } from "../legs/leg-key.ts";
import { MatchDrawer } from "../matches/match-drawer.tsx";
import { EventDrawer } from "./event-drawer.tsx";
import { SpanDrawer } from "./span-drawer.tsx";

interface JourneyDrawerProps {
  journey: Pick<Journey, "events" | "legs" | "matches" | "spans">;
  names: Names;
  open: OpenRow;
}

/** The detail of the leg, event or span that the URL says is open. */
export function JourneyDrawer(props: JourneyDrawerProps): JSX.Element {
  const closeHref = () => props.open.hrefOf(undefined);
  const mayAct = createMayAct();
  return (
    <Switch>
      <Match when={props.journey.legs.find((leg) => `leg~${toLegKey(leg)}` === props.open.key())}>
        {(leg) => <JourneyLegDrawer leg={leg()} names={props.names} closeHref={closeHref()} />}
      </Match>
      <Match when={props.journey.events.find((event) => isOpenEvent(event, props.open.key()))}>
        {(event) => <EventDrawer event={event()} closeHref={closeHref()} />}
      </Match>
      <Match when={props.journey.matches.find(({ id }) => `match~${id}` === props.open.key())}>
        {(match) => <MatchDrawer id={match().id} mayWrite={mayAct()} closeHref={closeHref()} isFloating />}
      </Match>
      <Match when={props.journey.spans.find(({ spanId }) => `span~${spanId}` === props.open.key())}>
        {(span) => <SpanDrawer span={span()} closeHref={closeHref()} />}
      </Match>
    </Switch>
  );
}

/** An event is named by its key, or, where that is not known, by the source and id that it was stated under. */
function isOpenEvent({ key, source, id }: JourneyEvent, open: string | undefined): boolean {
  return open === `event~${key}` || open === toStatedKey({ source, id });
}

function JourneyLegDrawer(props: { leg: JourneyLeg; names: Names; closeHref: string }): JSX.Element {
  return (
    <Drawer
      label="Leg"
      isFloating
      title={props.names.legOf(props.leg.flow, props.leg.leg)}
      closeHref={props.closeHref}
      shows={toLegKey(props.leg)}
    >
      <LegDetail leg={props.leg} names={props.names} />
    </Drawer>
  );
}
