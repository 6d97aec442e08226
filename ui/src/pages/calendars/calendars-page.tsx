import type { CalendarItem } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch } from "solid-js";
import { type Names, createNames } from "../../data/names.ts";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatNoun } from "../../format/number.ts";
import { Facts } from "../../parts/facts.tsx";
import { Page } from "../../parts/page.tsx";
import { Section } from "../../parts/section.tsx";
import { SkeletonRows } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { DAY_WORDS, formatDay, listHours, sayZoneChange } from "./calendar-text.ts";
import "../../parts/plain-table.css";
import "./calendars-page.css";

/** The calendars that deadlines go by: when work is done, what is off in the months ahead, and which legs use them. */
export function CalendarsPage(): JSX.Element {
  const scope = useScope();
  const names = createNames();
  const read = createRead("/calendars", () => ({}));
  return (
    <Page
      title="Calendars"
      note={<Show when={read.isSuccess && read.data}>{(list) => formatNoun(list().items.length, "calendar")}</Show>}
      actions={
        <a class="button" href={scope.linkTo("/excuses")}>
          Excuses
        </a>
      }
    >
      <Switch fallback={<SkeletonRows count={8} />}>
        <Match when={read.isLoadingError}>
          <ErrorPanel what="The calendars" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess && read.data.items.length === 0}>
          <EmptyPanel title="No calendar is configured.">
            All time counts. Shifts, holidays and closing days are described in <code>config/calendars.yaml</code>; a
            target of a leg names the calendar that it goes by.
          </EmptyPanel>
        </Match>
        <Match when={read.isSuccess && read.data}>
          {(list) => (
            <div class="calendars">
              <For each={list().items}>{(item) => <CalendarSection item={item} names={names} />}</For>
            </div>
          )}
        </Match>
      </Switch>
    </Page>
  );
}

function CalendarSection(props: { item: CalendarItem; names: Names }): JSX.Element {
  const item = () => props.item;
  return (
    <Section title={item().title} note={<span class="mono">{item().id}</span>}>
      <Facts
        facts={[
          { name: "Zone", value: `${item().zone}, UTC${item().offset}` },
          { name: "Now", value: <Now item={item()} /> },
          {
            name: "Clocks",
            value: (
              <Show when={item().zoneChange} fallback="never change here">
                {(change) => (
                  <>
                    {sayZoneChange(change())} <Time at={change().at} />, <Time at={change().at} style="minute" />
                  </>
                )}
              </Show>
            ),
          },
          {
            name: "Holidays of",
            value:
              item().holidays === null
                ? "no country"
                : [item().holidays?.country, item().holidays?.region].filter(Boolean).join(", "),
          },
        ]}
      />
      <div class="calendar-columns">
        <Hours item={item()} />
        <DaysOff item={item()} />
        <Legs item={item()} names={props.names} />
      </div>
    </Section>
  );
}

function Now(props: { item: CalendarItem }): JSX.Element {
  return (
    <>
      {props.item.isOpen ? "open" : "closed"}
      <Show when={props.item.changesAt} fallback={props.item.isOpen ? ", without a break" : ""}>
        {(at) => (
          <>
            , {props.item.isOpen ? "closes" : "opens"} <Time at={at()} />
          </>
        )}
      </Show>
    </>
  );
}

function Hours(props: { item: CalendarItem }): JSX.Element {
  return (
    <table class="plain-table">
      <caption>Hours</caption>
      <thead>
        <tr>
          <th scope="col">Days</th>
          <th scope="col">Shifts</th>
        </tr>
      </thead>
      <tbody>
        <For each={listHours(props.item.shifts)}>
          {({ days, hours }) => (
            <tr classList={{ quiet: hours === "closed" }}>
              <td>{days}</td>
              <td>{hours}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}

function DaysOff(props: { item: CalendarItem }): JSX.Element {
  return (
    <table class="plain-table">
      <caption>Days off ahead</caption>
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col">What</th>
        </tr>
      </thead>
      <tbody>
        <For
          each={props.item.daysOff}
          fallback={
            <tr>
              <td colSpan={2} class="quiet">
                None in the next six months.
              </td>
            </tr>
          }
        >
          {({ day, name, kind }) => (
            <tr>
              <td>{formatDay(day)}</td>
              <td>
                {name || "Closing day"} <span class="quiet">{DAY_WORDS[kind]}</span>
              </td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}

function Legs(props: { item: CalendarItem; names: Names }): JSX.Element {
  const scope = useScope();
  return (
    <table class="plain-table">
      <caption>Legs that go by it</caption>
      <thead>
        <tr>
          <th scope="col">Leg</th>
          <th scope="col">Flow</th>
        </tr>
      </thead>
      <tbody>
        <For
          each={props.item.legs}
          fallback={
            <tr>
              <td colSpan={2} class="quiet">
                No leg uses it.
              </td>
            </tr>
          }
        >
          {({ flow, leg, title }) => (
            <tr>
              <td>
                <a href={scope.linkTo(`/legs?flow=${encodeURIComponent(flow)}&leg=${encodeURIComponent(leg)}`)}>
                  {title}
                </a>
              </td>
              <td class="quiet">{props.names.flowOf(flow)}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}
