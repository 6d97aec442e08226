import type { EdgeOrder } from "@throughline/api/contract";
import { For, type JSX, Show } from "solid-js";
import { usePreferences } from "../../data/preferences.tsx";
import { formatZone } from "../../format/time.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { createDraft } from "../../parts/draft.ts";
import { DraftForm, Field, TextField } from "../../parts/draft-form.tsx";
import { EMPTY_ORDER, listOrderFaults, type OrderDraft, toNewOrder, toOrderFaults } from "./edge-text.ts";

interface NewOrderProps {
  isOpen: boolean;
  /** Which interfaces are at hand, and at which site; empty where that is not known. */
  place: { interfaces: readonly string[]; site: string };
  onClose: () => void;
  onMade: (made: EdgeOrder) => void;
}

/** Asks which documents an edge is to send again. */
export function NewOrderDialog(props: NewOrderProps): JSX.Element {
  return (
    <Dialog title="Order a replay" isOpen={props.isOpen} onClose={props.onClose} size="wide">
      <NewOrderForm {...props} />
    </Dialog>
  );
}

function NewOrderForm(props: NewOrderProps): JSX.Element {
  let form: HTMLFormElement | undefined;
  const order = createOrder({
    first: () => ({ ...EMPTY_ORDER, interface: props.place.interfaces[0] ?? "", site: props.place.site }),
    onRefused: () => form?.querySelector<HTMLElement>("[aria-invalid='true']")?.focus(),
    onMade: (made) => props.onMade(made),
  });
  return (
    <DraftForm
      ref={(created) => (form = created)}
      button="Ask for it"
      leave="Cancel"
      failure={order.failure()}
      isSending={order.isSending()}
      onSend={() => void order.send()}
      onLeave={() => props.onClose()}
    >
      <InterfaceField {...order} interfaces={props.place.interfaces} />
      <Field {...order.fieldOf("site")} title="Site" hint="Whichever edge has it" />
      <TargetFields {...order} />
      <Field
        {...order.fieldOf("revision")}
        title="Mapped again, as revision (empty: as they were told)"
        hint="1, where their mapping was corrected"
        isWide
      />
      <TextField {...order.fieldOf("reason")} title="Why" />
    </DraftForm>
  );
}

type Fields = Pick<ReturnType<typeof createOrder>, "draft" | "setDraft" | "fieldOf">;

function InterfaceField(props: Fields & { interfaces: readonly string[] }): JSX.Element {
  return (
    <Show
      when={props.interfaces.length > 0}
      fallback={<Field {...props.fieldOf("interface")} title="Interface" hint="nightly-inventory" isFocused />}
    >
      <label>
        Interface
        <select
          class="field"
          autofocus
          value={props.draft.interface}
          onChange={(event) => props.setDraft("interface", event.currentTarget.value)}
        >
          <For each={props.interfaces}>{(name) => <option value={name}>{name}</option>}</For>
        </select>
      </label>
    </Show>
  );
}

function TargetFields(props: Fields): JSX.Element {
  const { zone } = usePreferences();
  const now = formatZone(zone(), Date.now());
  return (
    <>
      <label class="draft-wide">
        What it sends again
        <select
          class="field"
          value={props.draft.kind}
          onChange={(event) => props.setDraft("kind", event.currentTarget.value === "kept" ? "kept" : "range")}
        >
          <option value="range">All raw documents between two moments, where it keeps them</option>
          <option value="kept">Documents by their ids, as the edge lists what it keeps</option>
        </select>
      </label>
      <Show
        when={props.draft.kind === "range"}
        fallback={<TextField {...props.fieldOf("ids")} title="Ids, one a line" rows={3} />}
      >
        <Field {...props.fieldOf("from")} title={`Taken from (${now})`} type="datetime-local" />
        <Field {...props.fieldOf("to")} title="Taken before" type="datetime-local" />
      </Show>
    </>
  );
}

type TextName = Exclude<keyof OrderDraft, "kind">;

/** A draft, what is wrong with it, and the way to the API. */
function createOrder(options: { first: () => OrderDraft; onRefused: () => void; onMade: (made: EdgeOrder) => void }) {
  const { zone } = usePreferences();
  const order = createDraft<OrderDraft, EdgeOrder>({
    ...options,
    listFaults: (draft) => listOrderFaults(draft, zone()),
    toFaults: toOrderFaults,
    send: (client, draft) => client.send("POST /edges/orders", { body: toNewOrder(draft, zone()) }),
    changes: ["/edges/orders"],
    done: "Asked for. No edge is told before another person approves it.",
  });
  const { draft, setDraft, faults } = order;
  const fieldOf = (name: TextName) => ({
    name,
    value: draft[name],
    fault: faults()[name],
    onInput: (value: string) => setDraft(name, value),
  });
  return { ...order, fieldOf };
}
