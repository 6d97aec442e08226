import type { Edge } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { createMayAct } from "../../data/may-act.ts";
import { useScope } from "../../data/scope.tsx";
import { formatBytes, formatCount, formatNoun } from "../../format/number.ts";
import { Drawer } from "../../parts/drawer.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { NoteBox, StateLine } from "../../parts/note-box.tsx";
import { EmptyPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { ConditionMark } from "./edge-marks.tsx";
import { EdgeRedaction } from "./edge-redaction.tsx";
import { CONDITION_FACES, sayClock, sayInForce, sayMappings } from "./edge-text.ts";

interface EdgeDrawerProps {
  edge: Edge | undefined;
  name: string;
  closeHref: string;
}

/** One edge: how it is, what it reads, what is in force there, and what waits there. */
export function EdgeDrawer(props: EdgeDrawerProps): JSX.Element {
  const scope = useScope();
  const mayAct = createMayAct();
  return (
    <Drawer
      label="Edge"
      title={props.name}
      closeHref={props.closeHref}
      shows={props.name}
      actions={
        <Show when={props.edge}>
          {(edge) => (
            <a class="button" href={scope.linkTo(`/edges/orders${toOrderQuery(edge())}`)}>
              {mayAct() ? "Order a replay" : "Replay orders"}
            </a>
          )}
        </Show>
      }
    >
      <Show
        when={props.edge}
        fallback={<EmptyPanel title="This edge is not there.">It lies outside of what you may see.</EmptyPanel>}
      >
        {(edge) => <EdgeView edge={edge()} />}
      </Show>
    </Drawer>
  );
}

function toOrderQuery({ interfaces, site }: Edge): string {
  const query = new URLSearchParams([...interfaces.map((name): [string, string] => ["for", name]), ["at", site]]);
  return `?${query.toString()}`;
}

function EdgeView(props: { edge: Edge }): JSX.Element {
  const edge = () => props.edge;
  return (
    <>
      <StateLine mark={<ConditionMark condition={edge().condition} />}>
        <p>{CONDITION_FACES[edge().condition].meaning}</p>
      </StateLine>
      <Advice edge={edge()} />
      <Facts
        facts={[
          { name: "Edge", value: <Identifier value={edge().edge} kind="edge" /> },
          { name: "Site", value: edge().site === "" ? "none named" : edge().site },
          { name: "Version", value: edge().release === "" ? "unknown" : edge().release },
          { name: "Last heard", value: <Time at={edge().seenAt} style="second" /> },
          when("Started", edge().startedAt),
          when("Complete to", edge().completeTo),
          { name: "Clock", value: sayClock(edge()) ?? "unknown" },
          { name: "Spool", value: <Spool edge={edge()} /> },
          { name: "Kept", value: `${formatNoun(edge().kept, "entry", "entries")} that wait for a person` },
          { name: "For crosswalks", value: <Waiting edge={edge()} /> },
          { name: "Interfaces", value: <Interfaces edge={edge()} /> },
        ]}
      />
      <h3>What is in force there</h3>
      <Facts
        facts={[
          { name: "Decisions", value: `${sayInForce(edge())}, ${edge().version} of ${edge().latestVersion}` },
          { name: "Mappings", value: sayMappings(edge()) },
          when("Applied", edge().appliedAt),
          edge().configuration === ""
            ? undefined
            : { name: "Configuration", value: <Identifier value={edge().configuration} kind="digest" /> },
          when("Configured", edge().configuredAt),
        ]}
      />
      <EdgeRedaction edge={edge()} />
    </>
  );
}

/** What somebody should do at the site; nothing while all is well. */
function Advice(props: { edge: Edge }): JSX.Element {
  const edge = () => props.edge;
  return (
    <>
      <Show when={edge().kind === "refused"}>
        <NoteBox title="It refuses what the tower says">
          <p class="edge-text">{edge().reason}</p>
        </NoteBox>
      </Show>
      <Show when={edge().configurationRefused}>
        <NoteBox title="A changed configuration was refused">
          <p>The old one goes on. Its log and its status page say where the file is wrong.</p>
        </NoteBox>
      </Show>
      <Show when={edge().failing.length > 0}>
        <NoteBox title="It cannot read">
          <p>{edge().failing.join(", ")}. The status page at the edge says why.</p>
        </NoteBox>
      </Show>
      <Show when={edge().kept > 0}>
        <NoteBox title="Documents wait for a person">
          <p>
            At the site, <span class="mono">throughline-collector kept list</span> says which and why.
          </p>
        </NoteBox>
      </Show>
    </>
  );
}

function Spool(props: { edge: Edge }): JSX.Element {
  const spool = () => props.edge.spool;
  return (
    <Show when={spool().maxBytes > 0} fallback="unknown">
      {formatNoun(spool().events, "event")} waiting, {formatBytes(spool().bytes)} of {formatBytes(spool().maxBytes)}
    </Show>
  );
}

function Waiting(props: { edge: Edge }): JSX.Element {
  const scope = useScope();
  return (
    <Show when={props.edge.waiting > 0} fallback="no document waits">
      <a href={scope.linkTo("/crosswalks")}>{formatNoun(props.edge.waiting, "document")} waiting</a>
    </Show>
  );
}

function Interfaces(props: { edge: Edge }): JSX.Element {
  return (
    <Show when={props.edge.interfaces.length > 0} fallback="unknown">
      <ul class="edge-ids" aria-label={`${formatCount(props.edge.interfaces.length)} interfaces`}>
        <For each={props.edge.interfaces}>{(name) => <li>{name}</li>}</For>
      </ul>
    </Show>
  );
}

function when(name: string, at: string | null) {
  return at === null ? undefined : { name, value: <Time at={at} style="second" /> };
}
