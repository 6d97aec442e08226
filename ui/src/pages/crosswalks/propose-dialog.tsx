import { useQueryClient } from "@tanstack/solid-query";
import type { Translation } from "@throughline/api/contract";
import { For, type JSX, Show, createSignal } from "solid-js";
import { createStore } from "solid-js/store";
import { ApiError } from "../../data/client.ts";
import { useSession } from "../../data/session.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useToast } from "../../parts/toast.tsx";
import {
  type DraftFaults,
  EMPTY_DRAFT,
  KIND_WORDS,
  KINDS,
  listFaults,
  toFaults,
  toNewTranslation,
  type TranslationDraft,
} from "./translation-text.ts";
import "../../parts/field.css";

interface ProposeProps {
  isOpen: boolean;
  /** What is known already. */
  draft?: TranslationDraft;
  onClose: () => void;
  onMade: (made: Translation) => void;
}

/** Asks what a code of others is called here. */
export function ProposeDialog(props: ProposeProps): JSX.Element {
  return (
    <Dialog title="Propose a translation" isOpen={props.isOpen} onClose={props.onClose} size="wide">
      <ProposeForm {...props} />
    </Dialog>
  );
}

function ProposeForm(props: ProposeProps): JSX.Element {
  let form: HTMLFormElement | undefined;
  const proposal = createProposal({
    first: () => props.draft ?? EMPTY_DRAFT,
    onRefused: () => form?.querySelector<HTMLElement>("[aria-invalid='true']")?.focus(),
    onMade: (made) => props.onMade(made),
  });
  const { draft, fieldOf, setDraft } = proposal;
  return (
    <form
      ref={(created) => (form = created)}
      class="dialog-body crosswalk-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void proposal.send();
      }}
    >
      <TableFields {...proposal} isFixed={props.draft !== undefined} />
      <Field {...fieldOf("from")} title="Value as others write it" hint="" isFocused={props.draft === undefined} />
      <Field {...fieldOf("fromSystem")} title="Its numbering" hint="Any, or ndc10, gtin, acme" />
      <Field {...fieldOf("to")} title="What it is called here" hint="" isFocused={props.draft !== undefined} />
      <Field {...fieldOf("toSystem")} title="Its numbering here" hint="Any, or ndc11" />
      <ReversibleField {...proposal} />
      <Field {...fieldOf("effectiveFrom")} title="First day (empty: it always held)" hint="" type="date" />
      <Field {...fieldOf("effectiveTo")} title="Last day (empty: it holds on)" hint="" type="date" />
      <Field {...fieldOf("site")} title="Site" hint="All sites" />
      <Field {...fieldOf("interface")} title="Interface" hint="All interfaces" />
      <label class="crosswalk-wide">
        Where it is known from
        <textarea
          class="field"
          rows={2}
          maxLength={1000}
          value={draft.reason}
          aria-invalid={proposal.faults().reason !== undefined}
          onInput={(event) => setDraft("reason", event.currentTarget.value)}
        />
        <Fault text={proposal.faults().reason} />
      </label>
      <Show when={proposal.failure()}>
        {(message) => (
          <p class="late crosswalk-wide" role="alert">
            {message()}
          </p>
        )}
      </Show>
      <div class="crosswalk-actions">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button type="submit" look="solid" disabled={proposal.isSending()}>
          Propose it
        </Button>
      </div>
    </form>
  );
}

function ReversibleField(props: Pick<ReturnType<typeof createProposal>, "draft" | "setDraft">): JSX.Element {
  return (
    <label class="crosswalk-check crosswalk-wide">
      <input
        type="checkbox"
        checked={props.draft.reversible}
        onChange={(event) => props.setDraft("reversible", event.currentTarget.checked)}
      />
      It leads back as well: no other value is called the same
    </label>
  );
}

type TextName = Exclude<keyof TranslationDraft, "kind" | "reversible">;

/** A draft, what is wrong with it, and the way to the API. */
function createProposal(options: {
  first: () => TranslationDraft;
  onRefused: () => void;
  onMade: (made: Translation) => void;
}) {
  const { client } = useSession();
  const queries = useQueryClient();
  const say = useToast();
  const [draft, setDraft] = createStore<TranslationDraft>({ ...options.first() });
  const [faults, setFaults] = createSignal<DraftFaults>({});
  const [failure, setFailure] = createSignal("");
  const [isSending, setSending] = createSignal(false);
  const refuse = (found: DraftFaults): void => {
    setFaults(found);
    options.onRefused();
  };
  const send = async (): Promise<void> => {
    const found = listFaults(draft);
    refuse(found);
    setFailure("");
    if (Object.keys(found).length > 0 || isSending()) return;
    setSending(true);
    try {
      const made = await client.send("POST /crosswalks", { body: toNewTranslation(draft) });
      const names = ["/crosswalks", "/mapping-waits"];
      await Promise.all(names.map((name) => queries.invalidateQueries({ queryKey: [name] })));
      say("Proposed. It translates nothing until another person approves it.");
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

/** Which table it belongs to; what waits says so itself. */
function TableFields(
  props: Pick<ReturnType<typeof createProposal>, "draft" | "setDraft"> & { isFixed: boolean },
): JSX.Element {
  return (
    <label class="crosswalk-wide">
      Kind
      <select
        class="field"
        disabled={props.isFixed}
        value={props.draft.kind}
        onChange={(event) => {
          const kind = KINDS.find((each) => each === event.currentTarget.value) ?? "item";
          props.setDraft({ kind, crosswalk: kind.replaceAll("_", "-") });
        }}
      >
        <For each={KINDS}>{(kind) => <option value={kind}>{KIND_WORDS[kind]}</option>}</For>
      </select>
    </label>
  );
}

interface FieldProps {
  name: string;
  title: string;
  hint: string;
  value: string;
  fault: string | undefined;
  type?: "date";
  isFocused?: boolean;
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
        autofocus={props.isFocused ?? false}
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
        <span class="crosswalk-fault" role="alert">
          {text()}
        </span>
      )}
    </Show>
  );
}
