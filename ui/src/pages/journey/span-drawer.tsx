import type { Span } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { formatSpanDuration } from "../../format/duration.ts";
import { Drawer } from "../../parts/drawer.tsx";
import { NoteBox } from "../../parts/note-box.tsx";
import { type Fact, Facts } from "../../parts/facts.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { Time } from "../../parts/time.tsx";

/** One step inside of a system, with all that it said of itself. */
export function SpanDrawer(props: { span: Span; closeHref: string }): JSX.Element {
  const span = () => props.span;
  return (
    <Drawer label="Span" isFloating title={span().name} closeHref={props.closeHref} shows={span().spanId}>
      <Show when={span().status === "error"}>
        <NoteBox title="Failed">
          <p>{span().statusMessage === "" ? "The system gave no reason." : span().statusMessage}</p>
        </NoteBox>
      </Show>
      <Facts
        facts={[
          { name: "System", value: span().service },
          { name: "Kind", value: span().kind.toLowerCase() },
          { name: "Began", value: <Time at={span().startedAt} style="second" /> },
          { name: "Took", value: formatSpanDuration(span().durationNs) },
          { name: "Span", value: <Identifier value={span().spanId} kind="span id" /> },
          {
            name: "Trace",
            value: (
              <a class="mono" href={`/traces/${span().traceId}`}>
                {span().traceId}
              </a>
            ),
          },
        ]}
      />
      <Attributes title="Attributes" attributes={span().attributes} />
      <Attributes title="System" attributes={span().resource} />
      <For each={span().events}>
        {(event) => <Attributes title={event.name} attributes={{ at: event.at, ...event.attributes }} />}
      </For>
    </Drawer>
  );
}

function Attributes(props: { title: string; attributes: Readonly<Record<string, string>> }): JSX.Element {
  const facts = (): Fact[] =>
    Object.entries(props.attributes).map(([name, value]) => ({ name, value: <span class="mono">{value}</span> }));
  return (
    <Show when={facts().length > 0}>
      <div>
        <h3>{props.title}</h3>
        <Facts facts={facts()} />
      </div>
    </Show>
  );
}
