import type { Excuse } from "@throughline/api/contract";
import { For, type JSX } from "solid-js";
import type { Names } from "../../data/names.ts";
import { usePreferences } from "../../data/preferences.tsx";
import { formatZone } from "../../format/time.ts";
import { Dialog } from "../../parts/dialog.tsx";
import { createDraft } from "../../parts/draft.ts";
import { DraftForm, Fault, Field, TextField } from "../../parts/draft-form.tsx";
import { type DraftFaults, type ExcuseDraft, KIND_WORDS, listFaults, toFaults, toNewExcuse } from "./excuse-text.ts";

const EMPTY: ExcuseDraft = {
  kind: "excuse",
  flow: "",
  leg: "",
  site: "",
  supplier: "",
  source: "",
  from: "",
  until: "",
  reason: "",
};

interface NewExcuseProps {
  isOpen: boolean;
  names: Names;
  onClose: () => void;
  onMade: (made: Excuse) => void;
}

/** Asks for a stretch of time that should not count. */
export function NewExcuseDialog(props: NewExcuseProps): JSX.Element {
  return (
    <Dialog title="Request an excuse or a pause" isOpen={props.isOpen} onClose={props.onClose} size="wide">
      <NewExcuseForm names={props.names} onMade={props.onMade} onCancel={props.onClose} />
    </Dialog>
  );
}

function NewExcuseForm(props: Pick<NewExcuseProps, "names" | "onMade"> & { onCancel: () => void }): JSX.Element {
  let form: HTMLFormElement | undefined;
  const request = createRequest({
    onRefused: () => form?.querySelector<HTMLElement>("[aria-invalid='true']")?.focus(),
    onMade: (made) => props.onMade(made),
  });
  const { draft, setDraft, faults } = request;
  return (
    <DraftForm
      ref={(created) => (form = created)}
      button="Request it"
      leave="Cancel"
      failure={request.failure()}
      isSending={request.isSending()}
      onSend={() => void request.send()}
      onLeave={() => props.onCancel()}
    >
      <KindField value={draft.kind} onChange={(kind) => setDraft("kind", kind)} />
      <LegFields draft={draft} names={props.names} faults={faults()} onChange={(change) => setDraft(change)} />
      <PlaceFields {...request} />
      <TimeFields {...request} />
      <TextField
        title="Why"
        rows={3}
        value={draft.reason}
        fault={faults().reason}
        onInput={(value) => setDraft("reason", value)}
      />
    </DraftForm>
  );
}

/** A draft, what is wrong with it, and the way to the API. */
function createRequest(options: { onRefused: () => void; onMade: (made: Excuse) => void }) {
  const { zone } = usePreferences();
  const request = createDraft<ExcuseDraft, Excuse>({
    ...options,
    first: () => EMPTY,
    listFaults: (draft) => listFaults(draft, zone()),
    toFaults,
    send: (client, draft) => client.send("POST /excuses", { body: toNewExcuse(draft, zone()) }),
    changes: ["/excuses"],
    done: "Requested. It moves nothing until another person approves it.",
  });
  const { draft, setDraft, faults } = request;
  const fieldOf = (name: TextName) => ({
    name,
    value: draft[name],
    fault: faults()[name],
    onInput: (value: string) => setDraft(name, value),
  });
  return { ...request, fieldOf };
}

type TextName = "site" | "supplier" | "source" | "from" | "until";
type Fields = Pick<ReturnType<typeof createRequest>, "draft" | "fieldOf">;

function KindField(props: { value: Excuse["kind"]; onChange: (kind: Excuse["kind"]) => void }): JSX.Element {
  return (
    <label class="draft-wide">
      Kind
      <select
        class="field"
        autofocus
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value === "pause" ? "pause" : "excuse")}
      >
        <option value="excuse">{KIND_WORDS.excuse}: time that does not count, such as a release</option>
        <option value="pause">{KIND_WORDS.pause}: legs stand still, until a time or until it is ended</option>
      </select>
    </label>
  );
}

function PlaceFields(props: Fields): JSX.Element {
  return (
    <>
      <Field {...props.fieldOf("site")} title="Site" hint="Any" />
      <Field {...props.fieldOf("supplier")} title="Supplier" hint="Any" />
      <Field {...props.fieldOf("source")} title="Feed that sends the end" hint="Any" isWide />
    </>
  );
}

function TimeFields(props: Fields): JSX.Element {
  const { zone } = usePreferences();
  return (
    <>
      <Field {...props.fieldOf("from")} title={`From (${formatZone(zone(), Date.now())})`} type="datetime-local" />
      <Field
        {...props.fieldOf("until")}
        title={props.draft.kind === "pause" ? "Until (empty: until it is ended)" : "Until"}
        type="datetime-local"
      />
    </>
  );
}

interface LegFieldsProps {
  draft: ExcuseDraft;
  names: Names;
  faults: DraftFaults;
  onChange: (change: Partial<ExcuseDraft>) => void;
}

/** The flow and one of its legs; those whose deadline the law sets cannot be chosen. */
function LegFields(props: LegFieldsProps): JSX.Element {
  const legs = () =>
    props.names
      .flows()
      .find(({ id }) => id === props.draft.flow)
      ?.legs.filter(({ statutory }) => statutory === null) ?? [];
  return (
    <>
      <label>
        Flow
        <select
          class="field"
          value={props.draft.flow}
          aria-invalid={props.faults.flow !== undefined}
          onChange={(event) => props.onChange({ flow: event.currentTarget.value, leg: "" })}
        >
          <option value="">All flows</option>
          <For each={props.names.flows()}>{(flow) => <option value={flow.id}>{flow.title}</option>}</For>
        </select>
        <Fault text={props.faults.flow} />
      </label>
      <label>
        Leg
        <select
          class="field"
          value={props.draft.leg}
          disabled={props.draft.flow === ""}
          aria-invalid={props.faults.leg !== undefined}
          onChange={(event) => props.onChange({ leg: event.currentTarget.value })}
        >
          <option value="">All but those that the law sets</option>
          <For each={legs()}>{(leg) => <option value={leg.id}>{leg.title}</option>}</For>
        </select>
        <Fault text={props.faults.leg} />
      </label>
    </>
  );
}
