import { useQueryClient } from "@tanstack/solid-query";
import type { Excuse } from "@throughline/api/contract";
import { For, type JSX, Show, createSignal } from "solid-js";
import { createStore } from "solid-js/store";
import { ApiError } from "../../data/client.ts";
import type { Names } from "../../data/names.ts";
import { usePreferences } from "../../data/preferences.tsx";
import { useSession } from "../../data/session.tsx";
import { formatZone } from "../../format/time.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useToast } from "../../parts/toast.tsx";
import { type DraftFaults, type ExcuseDraft, KIND_WORDS, listFaults, toFaults, toNewExcuse } from "./excuse-text.ts";
import "../../parts/field.css";

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
    <form
      ref={(created) => (form = created)}
      class="dialog-body excuse-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void request.send();
      }}
    >
      <KindField value={draft.kind} onChange={(kind) => setDraft("kind", kind)} />
      <LegFields draft={draft} names={props.names} faults={faults()} onChange={(change) => setDraft(change)} />
      <PlaceFields {...request} />
      <TimeFields {...request} />
      <label class="excuse-wide">
        Why
        <textarea
          class="field"
          rows={3}
          maxLength={1000}
          value={draft.reason}
          aria-invalid={faults().reason !== undefined}
          onInput={(event) => setDraft("reason", event.currentTarget.value)}
        />
        <Fault text={faults().reason} />
      </label>
      <Show when={request.failure()}>
        {(message) => (
          <p class="late excuse-wide" role="alert">
            {message()}
          </p>
        )}
      </Show>
      <div class="excuse-actions">
        <Button onClick={() => props.onCancel()}>Cancel</Button>
        <Button type="submit" look="solid" disabled={request.isSending()}>
          Request it
        </Button>
      </div>
    </form>
  );
}

/** A draft, what is wrong with it, and the way to the API. */
function createRequest(options: { onRefused: () => void; onMade: (made: Excuse) => void }) {
  const { client } = useSession();
  const { zone } = usePreferences();
  const queries = useQueryClient();
  const say = useToast();
  const [draft, setDraft] = createStore<ExcuseDraft>({ ...EMPTY });
  const [faults, setFaults] = createSignal<DraftFaults>({});
  const [failure, setFailure] = createSignal("");
  const [isSending, setSending] = createSignal(false);
  const refuse = (found: DraftFaults): void => {
    setFaults(found);
    options.onRefused();
  };
  const send = async (): Promise<void> => {
    const found = listFaults(draft, zone());
    refuse(found);
    setFailure("");
    if (Object.keys(found).length > 0 || isSending()) return;
    setSending(true);
    try {
      const made = await client.send("POST /excuses", { body: toNewExcuse(draft, zone()) });
      await queries.invalidateQueries({ queryKey: ["/excuses"] });
      say("Requested. It moves nothing until another person approves it.");
      options.onMade(made);
    } catch (error) {
      if (error instanceof ApiError) refuse(toFaults(error.problem?.errors ?? []));
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setSending(false);
    }
  };
  const fieldOf = (name: TextName) => ({
    name,
    value: draft[name],
    fault: faults()[name],
    onInput: (value: string) => setDraft(name, value),
  });
  return { draft, setDraft, faults, failure, isSending, send, fieldOf };
}

type TextName = "site" | "supplier" | "source" | "from" | "until";
type Fields = Pick<ReturnType<typeof createRequest>, "draft" | "fieldOf">;

function KindField(props: { value: Excuse["kind"]; onChange: (kind: Excuse["kind"]) => void }): JSX.Element {
  return (
    <label class="excuse-wide">
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
      <div class="excuse-wide">
        <Field {...props.fieldOf("source")} title="Feed that sends the end" hint="Any" />
      </div>
    </>
  );
}

function TimeFields(props: Fields): JSX.Element {
  const { zone } = usePreferences();
  return (
    <>
      <Field
        {...props.fieldOf("from")}
        title={`From (${formatZone(zone(), Date.now())})`}
        hint=""
        type="datetime-local"
      />
      <Field
        {...props.fieldOf("until")}
        title={props.draft.kind === "pause" ? "Until (empty: until it is ended)" : "Until"}
        hint=""
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

interface FieldProps {
  name: string;
  title: string;
  hint: string;
  value: string;
  fault: string | undefined;
  type?: "datetime-local";
  onInput: (value: string) => void;
}

function Field(props: FieldProps): JSX.Element {
  return (
    <label>
      {props.title}
      <input
        class="field"
        name={props.name}
        type={props.type ?? "text"}
        value={props.value}
        placeholder={props.hint}
        aria-invalid={props.fault !== undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <Fault text={props.fault} />
    </label>
  );
}

function Fault(props: { text: string | undefined }): JSX.Element {
  return (
    <Show when={props.text}>
      {(text) => (
        <span class="excuse-fault" role="alert">
          {text()}
        </span>
      )}
    </Show>
  );
}
