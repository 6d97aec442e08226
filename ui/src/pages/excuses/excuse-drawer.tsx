import type { Excuse } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch, createSignal } from "solid-js";
import { ApiError } from "../../data/client.ts";
import type { Names } from "../../data/names.ts";
import { createRead } from "../../data/read.ts";
import { useScope } from "../../data/scope.tsx";
import { Button } from "../../parts/button.tsx";
import { Drawer } from "../../parts/drawer.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { SecondPerson } from "../../parts/second-person.tsx";
import { SkeletonLines } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { ExcuseDecision, type Verb } from "./excuse-decision.tsx";
import { ExcuseStateMark } from "./excuse-state.tsx";
import { KIND_WORDS, STATE_FACES, sayCovered } from "./excuse-text.ts";

interface ExcuseDrawerProps {
  id: string;
  names: Names;
  mayWrite: boolean;
  closeHref: string;
}

/** One window: what it is for, who wanted it and why, and what can be decided about it. */
export function ExcuseDrawer(props: ExcuseDrawerProps): JSX.Element {
  const scope = useScope();
  const [verb, setVerb] = createSignal<Verb>();
  const read = createRead("/excuses/{id}", () => ({ path: { id: props.id }, query: scope.asOfQuery() }));
  const isMissing = () => read.error instanceof ApiError && read.error.status === 404;
  return (
    <Drawer
      label="Excuse or pause"
      title={read.isSuccess ? read.data.reason : "Excuse"}
      closeHref={props.closeHref}
      shows={props.id}
      actions={
        <Show when={props.mayWrite && read.isSuccess && read.data}>
          {(known) => <Decisions excuse={known()} onChoose={setVerb} />}
        </Show>
      }
    >
      <Switch fallback={<SkeletonLines widths={[60, 90, 80, 70, 40, 85]} />}>
        <Match when={read.isSuccess && read.data}>
          {(known) => (
            <>
              <ExcuseFacts excuse={known()} names={props.names} />
              <Versions versions={known().versions} />
              <ExcuseDecision verb={verb()} excuse={known()} names={props.names} onClose={() => setVerb(undefined)} />
            </>
          )}
        </Match>
        <Match when={read.isError && isMissing()}>
          <EmptyPanel title="This window is not there.">
            It was not requested yet at that time, or lies outside of what you may see.
          </EmptyPanel>
        </Match>
        <Match when={read.isError}>
          <ErrorPanel what="The window" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
      </Switch>
    </Drawer>
  );
}

/** What the one who looks may do. */
function Decisions(props: { excuse: Excuse; onChoose: (verb: Verb) => void }): JSX.Element {
  const isOpenPause = () => props.excuse.kind === "pause" && props.excuse.until === null;
  return (
    <SecondPerson
      isOpen={props.excuse.state === "requested"}
      first={props.excuse.requestedBy.id}
      did="requested"
      onApprove={() => props.onChoose("approve")}
      onReject={() => props.onChoose("reject")}
    >
      <Show when={props.excuse.state === "approved" && isOpenPause()}>
        <Button look="solid" onClick={() => props.onChoose("end")}>
          End the pause
        </Button>
      </Show>
      <Show when={["requested", "approved", "ended"].includes(props.excuse.state)}>
        <Button onClick={() => props.onChoose("withdraw")}>Withdraw</Button>
      </Show>
    </SecondPerson>
  );
}

function ExcuseFacts(props: { excuse: Excuse; names: Names }): JSX.Element {
  const excuse = () => props.excuse;
  return (
    <>
      <div class="leg-state">
        <ExcuseStateMark state={excuse().state} />
        <p>{STATE_FACES[excuse().state].meaning}</p>
      </div>
      <Facts
        facts={[
          { name: "Kind", value: KIND_WORDS[excuse().kind] },
          { name: "Covers", value: sayCovered(excuse(), props.names) },
          { name: "From", value: <Time at={excuse().from} style="second" /> },
          {
            name: "Until",
            value: (
              <Show when={excuse().until} fallback="It is open">
                {(at) => <Time at={at()} style="second" />}
              </Show>
            ),
          },
          { name: "Why", value: <span class="excuse-reason">{excuse().reason}</span> },
          { name: "Requested", value: <Said by={excuse().requestedBy.name} at={excuse().requestedAt} /> },
          excuse().decidedAt === null
            ? undefined
            : {
                name: excuse().state === "rejected" ? "Rejected" : "Approved",
                value: <Said by={excuse().decidedBy?.name ?? ""} at={excuse().decidedAt ?? ""} />,
              },
          { name: "Number", value: <Identifier value={excuse().id} kind="window" /> },
        ]}
      />
    </>
  );
}

function Said(props: { by: string; at: string }): JSX.Element {
  return (
    <>
      by {props.by}, <Time at={props.at} style="second" />
    </>
  );
}

function Versions(props: { versions: readonly Excuse[] }): JSX.Element {
  return (
    <section aria-label="What was decided, and when">
      <h3>What was decided, and when</h3>
      <ol class="excuse-story">
        <For each={props.versions.toReversed()}>
          {(version) => (
            <li>
              <ExcuseStateMark state={version.state} /> <Said by={version.changedBy.name} at={version.changedAt} />
              <Show when={version.note}>{(note) => <p class="excuse-reason">{note()}</p>}</Show>
            </li>
          )}
        </For>
      </ol>
    </section>
  );
}
