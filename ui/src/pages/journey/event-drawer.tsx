import type { JourneyEvent } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { toJourneyHref } from "../../data/links.ts";
import { toTitle } from "../../format/title.ts";
import { formatMeasure } from "../../format/measure.ts";
import { CodeBlock } from "../../parts/code-block.tsx";
import { Drawer } from "../../parts/drawer.tsx";
import { NoteBox } from "../../parts/note-box.tsx";
import { EventTime } from "../../parts/event-time.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { Time } from "../../parts/time.tsx";
import { EventMarks } from "./event-marks.tsx";
import { EventTitle } from "./event-table.tsx";

/** One event: what it says, in words and as it was received. */
export function EventDrawer(props: { event: JourneyEvent; closeHref: string }): JSX.Element {
  const event = () => props.event;
  return (
    <Drawer
      label="Event"
      isFloating
      title={<EventTitle event={event()} />}
      closeHref={props.closeHref}
      shows={event().key}
    >
      <EventMarks event={event()} />
      <EventFailure error={event().error} />
      <EventFacts event={event()} />
      <EventObjects objects={event().objects} />
      <CodeBlock label="As it was received" text={JSON.stringify(toRaw(event()), undefined, 2)} />
    </Drawer>
  );
}

function EventFailure(props: { error: JourneyEvent["error"] }): JSX.Element {
  return (
    <Show when={props.error}>
      {(error) => (
        <NoteBox title={`Failed: ${toTitle(error().class)} ${error().code}`}>
          <p>{error().message}</p>
          <Show when={error().retryable !== undefined}>
            <p>{error().retryable === true ? "Sending it again may succeed." : "Sending it again will not help."}</p>
          </Show>
        </NoteBox>
      )}
    </Show>
  );
}

function EventFacts(props: { event: JourneyEvent }): JSX.Element {
  const event = () => props.event;
  return (
    <Facts
      facts={[
        { name: "Type", value: <Identifier value={event().type} kind="type" /> },
        { name: "Happened", value: <EventTime event={event()} /> },
        { name: "Arrived", value: <Time at={event().arrivedAt} style="second" /> },
        { name: "Feed", value: <Identifier value={event().source} kind="feed" /> },
        { name: "Id", value: <Identifier value={event().id} kind="event id" /> },
        event().subject === "" ? undefined : { name: "Subject", value: event().subject },
        { name: "Site", value: event().site === "" ? "Group-wide" : event().site },
        event().attempt > 0 ? { name: "Attempt", value: event().attempt } : undefined,
        event().reason === "" ? undefined : { name: "Reason", value: event().reason },
        ...Object.entries(event().measures).map(([name, measure]) => ({
          name: toTitle(name),
          value: formatMeasure(measure),
        })),
        event().traceId === ""
          ? undefined
          : {
              name: "Trace",
              value: (
                <a class="mono" href={`/traces/${event().traceId}`}>
                  {event().traceId}
                </a>
              ),
            },
      ]}
    />
  );
}

function EventObjects(props: { objects: JourneyEvent["objects"] }): JSX.Element {
  return (
    <div>
      <h3>Objects</h3>
      <ul class="object-refs">
        <For each={props.objects}>
          {(object) => (
            <li>
              <span class="quiet">{toTitle(object.role ?? object.type)}</span>{" "}
              <a class="mono" href={toJourneyHref(object)}>
                {object.id}
              </a>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}

/** The event in the form of CloudEvents, without what the tower found out about it. */
function toRaw(event: JourneyEvent): object {
  const precision = event.latestAt === null ? "" : "day";
  const { source, id, type, time, site, subject, sequence, traceId, spanId } = event;
  const { objects, outcome, error, attempt, revision, reason, reverses, measures, attributes } = event;
  const keep = (value: unknown): boolean =>
    value !== null && value !== "" && value !== 0 && !(typeof value === "object" && Object.keys(value).length === 0);
  const pick = (fields: object): object =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => keep(value)));
  const traceparent = traceId === "" ? "" : `00-${traceId}-${spanId}-01`;
  return {
    specversion: "1.0",
    ...pick({ source, id, type, time, site, subject, sequence, traceparent }),
    data: pick({ objects, outcome, precision, error, attempt, revision, reason, reverses, measures, attributes }),
  };
}
