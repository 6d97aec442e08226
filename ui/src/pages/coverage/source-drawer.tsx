import type { Source } from "@throughline/api/contract";
import { For, type JSX, Match, Switch, createMemo } from "solid-js";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { formatCount } from "../../format/number.ts";
import { Drawer } from "../../parts/drawer.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { SkeletonLines } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { SourceStateMark } from "./source-state.tsx";

interface SourceDrawerProps {
  name: string;
  /** The row where it is on the page already. */
  known: Source | undefined;
  closeHref: string;
}

/** One feed: when it was heard, how far it is complete, what it sent. */
export function SourceDrawer(props: SourceDrawerProps): JSX.Element {
  const scope = useScope();
  const read = createRead(
    "/sources",
    () => ({ query: { ...scope.countQuery(), source: props.name } }),
    () => ({ isEnabled: props.known === undefined }),
  );
  const source = createMemo(
    () => props.known ?? (read.isSuccess ? read.data.items.find(({ source: name }) => name === props.name) : undefined),
  );
  return (
    <Drawer label="Feed" title={props.name} closeHref={props.closeHref} shows={props.name}>
      <Switch fallback={<SkeletonLines widths={[60, 90, 80, 70, 40, 85]} />}>
        <Match when={source()}>{(present) => <SourceDetail source={present()} />}</Match>
        <Match when={read.isError}>
          <ErrorPanel what="The feed" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
        <Match when={read.isSuccess}>
          <EmptyPanel title="This feed is not there.">
            It has sent nothing yet, or lies outside of what you may see.
          </EmptyPanel>
        </Match>
      </Switch>
    </Drawer>
  );
}

function SourceDetail(props: { source: Source }): JSX.Element {
  const source = () => props.source;
  const when = (name: string, at: string | null) =>
    at === null ? undefined : { name, value: <Time at={at} style="second" /> };
  const count = (name: string, value: number) => ({ name, value: formatCount(value) });
  return (
    <>
      <div class="leg-state">
        <SourceStateMark state={source().state} />
        <p>{explain(source())}</p>
      </div>
      <Facts
        facts={[
          { name: "Feed", value: <Identifier value={source().source} kind="feed" /> },
          {
            name: "Sites",
            value:
              source()
                .sites.filter((site) => site !== "")
                .join(", ") || "Group-wide",
          },
          when("Silent since", source().silentSince),
          when("Complete to", source().completeTo),
          when("Watermark", source().watermarkAt),
          when("Last heartbeat", source().lastHeartbeatAt),
          when("Last arrival", source().lastArrivedAt),
          when("Last event", source().lastEventAt),
          when("First event", source().firstEventAt),
          count("Accepted", source().accepted),
          count("Duplicates", source().duplicates),
          count("Superseded", source().superseded),
          count("Conflicts", source().conflicts),
          count("Failed steps", source().failed),
        ]}
      />
      <div>
        <h3>What it reports</h3>
        <ul class="type-list">
          <For each={source().types}>{(type) => <li class="mono">{type}</li>}</For>
        </ul>
      </div>
    </>
  );
}

function explain(source: Source): string {
  if (source.state === "silent")
    return "It has not been heard of for longer than it may be. Legs that end with its events cannot be judged until it reports again: check the system and its connection.";
  if (source.state === "quiet")
    return "It has not been heard of lately, and promised no sign of life: whether nothing happened or nothing came through is not known. Heartbeats would tell.";
  if (source.state === "complete") return "All of it is here: nothing more is expected.";
  return source.completeTo === null
    ? "It is heard of, but does not say how far it is complete."
    : "It is heard of. What happened before the time that it is complete to is here.";
}
