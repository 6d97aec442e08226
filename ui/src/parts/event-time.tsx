import { type JSX, Show } from "solid-js";
import { usePreferences } from "../data/preferences.tsx";
import { formatSpannedDay, formatTime } from "../format/time.ts";
import { Time } from "./time.tsx";

/** When an event happened; where no more than the day is known, that day, with its bounds on hover. */
export function EventTime(props: { event: { time: string; latestAt: string | null } }): JSX.Element {
  const { zone } = usePreferences();
  const day = (): { from: string; until: string } | undefined =>
    props.event.latestAt === null ? undefined : { from: props.event.time, until: props.event.latestAt };
  return (
    <Show when={day()} fallback={<Time at={props.event.time} style="second" />}>
      {(span) => (
        <time class="nowrap" dateTime={span().from} title={sayBounds(span(), zone())}>
          {formatSpannedDay(span(), zone())}
        </time>
      )}
    </Show>
  );
}

function sayBounds({ from, until }: { from: string; until: string }, zone: string): string {
  return `At some time between ${formatTime(from, zone, "full")} and ${formatTime(until, zone, "full")}: only the day is known`;
}
