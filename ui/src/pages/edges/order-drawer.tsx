import type { EdgeOrder } from "@throughline/api/contract";
import { For, type JSX, Match, Show, Switch, createSignal } from "solid-js";
import type { Client } from "../../data/client.ts";
import { usePreferences } from "../../data/preferences.tsx";
import { createRead } from "../../data/read.ts";
import { formatNoun } from "../../format/number.ts";
import { formatTime } from "../../format/time.ts";
import { Button } from "../../parts/button.tsx";
import { DecideDialog, type DecisionWords } from "../../parts/decide-dialog.tsx";
import { Drawer } from "../../parts/drawer.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Identifier } from "../../parts/identifier.tsx";
import { NoteBox, StateLine } from "../../parts/note-box.tsx";
import { SecondPerson } from "../../parts/second-person.tsx";
import { SkeletonLines } from "../../parts/skeleton.tsx";
import { EmptyPanel, ErrorPanel } from "../../parts/state-panel.tsx";
import { Time } from "../../parts/time.tsx";
import { OrderMark } from "./edge-marks.tsx";
import { ORDER_FACES, sayTarget } from "./edge-text.ts";

type Verb = "approve" | "reject" | "withdraw";

const WORDS: Record<Verb, DecisionWords> = {
  approve: {
    title: "Approve it?",
    meaning: "An edge that has this interface finds it when it asks next, and sends these documents once more.",
    button: "Approve it",
    done: "Approved. The edge takes it when it asks next.",
  },
  reject: {
    title: "Reject it?",
    meaning: "No edge is told of it. Whoever wants it after all has to ask for it again.",
    button: "Reject it",
    done: "Rejected",
  },
  withdraw: {
    title: "Withdraw it?",
    meaning: "No edge is told of it from now on.",
    button: "Withdraw it",
    done: "Withdrawn",
  },
};

/** One replay order: what it asks for, who asked and approved, and what came of it. */
export function OrderDrawer(props: { id: string; mayWrite: boolean; closeHref: string }): JSX.Element {
  const [verb, setVerb] = createSignal<Verb>();
  const read = createRead("/edges/orders", () => ({ query: { id: [props.id] } }));
  const order = () => (read.isSuccess ? read.data.items[0] : undefined);
  const words = () => {
    const chosen = verb();
    return chosen && WORDS[chosen];
  };
  return (
    <Drawer
      label="Replay order"
      title={order()?.reason ?? "Replay order"}
      closeHref={props.closeHref}
      shows={props.id}
      actions={
        <Show when={props.mayWrite && order()}>{(known) => <Decisions order={known()} onChoose={setVerb} />}</Show>
      }
    >
      <Switch fallback={<SkeletonLines widths={[60, 90, 80, 70, 40, 85]} />}>
        <Match when={order()}>{(known) => <OrderView order={known()} />}</Match>
        <Match when={read.isSuccess}>
          <EmptyPanel title="This order is not there.">It lies outside of what you may see.</EmptyPanel>
        </Match>
        <Match when={read.isError}>
          <ErrorPanel what="The order" error={read.error} onRetry={() => void read.refetch()} />
        </Match>
      </Switch>
      <DecideDialog
        words={words()}
        about={order() && `${order()?.interface}: ${order()?.reason}`}
        send={(client, note) => decide(client, { order: order(), verb: verb(), note })}
        changes={["/edges/orders"]}
        onClose={() => setVerb(undefined)}
      />
    </Drawer>
  );
}

async function decide(
  client: Client,
  { order, verb, note }: { order: EdgeOrder | undefined; verb: Verb | undefined; note: string },
): Promise<void> {
  if (order === undefined || verb === undefined) return;
  const { id, revision } = order;
  await client.send(`POST /edges/orders/{id}/${verb}`, { path: { id }, body: { revision, note } });
}

/** What the one who looks may do. */
function Decisions(props: { order: EdgeOrder; onChoose: (verb: Verb) => void }): JSX.Element {
  return (
    <SecondPerson
      isOpen={props.order.state === "proposed"}
      first={props.order.orderedBy.id}
      did="asked for"
      onApprove={() => props.onChoose("approve")}
      onReject={() => props.onChoose("reject")}
    >
      <Show when={props.order.state === "proposed" || props.order.state === "ordered"}>
        <Button onClick={() => props.onChoose("withdraw")}>Withdraw</Button>
      </Show>
    </SecondPerson>
  );
}

function OrderView(props: { order: EdgeOrder }): JSX.Element {
  const { zone } = usePreferences();
  const order = () => props.order;
  return (
    <>
      <StateLine mark={<OrderMark state={order().state} />}>
        <p>{ORDER_FACES[order().state].meaning}</p>
      </StateLine>
      <Show when={order().said}>
        {(said) => (
          <NoteBox title="What the edge says">
            <p class="edge-text">{said()}</p>
          </NoteBox>
        )}
      </Show>
      <Facts
        facts={[
          { name: "Interface", value: <Identifier value={order().interface} kind="interface" /> },
          { name: "Site", value: order().site === "" ? "whichever edge has it" : order().site },
          { name: "Sends again", value: sayTarget(order(), (at) => formatTime(at, zone(), "minute")) },
          { name: "Told", value: sayRevision(order()) },
          { name: "Why", value: <span class="edge-text">{order().reason}</span> },
          { name: "Asked", value: <Said by={order().orderedBy.name} at={order().orderedAt} /> },
          decided(order()),
          order().note === "" ? undefined : { name: "Note", value: <span class="edge-text">{order().note}</span> },
          { name: "Runs out", value: <Time at={order().expiresAt} style="second" /> },
          order().edge === "" ? undefined : { name: "Edge", value: <Identifier value={order().edge} kind="edge" /> },
          when("Fetched", order().fetchedAt),
          when("Reported", order().saidAt),
          order().saidAt === null
            ? undefined
            : {
                name: "Sent",
                value: `${formatNoun(order().documents, "document")}, ${formatNoun(order().events, "event")}`,
              },
          { name: "Number", value: <Identifier value={order().id} kind="order" /> },
        ]}
      />
      <Ids order={order()} />
    </>
  );
}

function Ids(props: { order: EdgeOrder }): JSX.Element {
  const ids = () => (props.order.target.kind === "kept" ? props.order.target.ids : []);
  return (
    <Show when={ids().length > 0}>
      <h3>Documents</h3>
      <ul class="edge-ids">
        <For each={ids()}>{(id) => <li>{id}</li>}</For>
      </ul>
    </Show>
  );
}

function sayRevision({ mappedAgain }: EdgeOrder): string {
  return mappedAgain === null ? "as they were told before" : `mapped again, as revision ${mappedAgain.number}`;
}

function decided({ decidedAt, decidedBy, state }: EdgeOrder) {
  if (decidedAt === null || decidedBy === null) return undefined;
  const name = state === "rejected" ? "Rejected" : "Approved";
  return { name, value: <Said by={decidedBy.name} at={decidedAt} /> };
}

function Said(props: { by: string; at: string }): JSX.Element {
  return (
    <>
      by {props.by}, <Time at={props.at} style="second" />
    </>
  );
}

function when(name: string, at: string | null) {
  return at === null ? undefined : { name, value: <Time at={at} style="second" /> };
}
