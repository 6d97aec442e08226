import type { Translation } from "@throughline/api/contract";
import { For, type JSX } from "solid-js";
import { Dialog } from "../../parts/dialog.tsx";
import { createDraft } from "../../parts/draft.ts";
import { DraftForm, Field, TextField } from "../../parts/draft-form.tsx";
import {
  EMPTY_DRAFT,
  KIND_WORDS,
  KINDS,
  listFaults,
  toFaults,
  toNewTranslation,
  type TranslationDraft,
} from "./translation-text.ts";

interface ProposeProps {
  isOpen: boolean;
  /** What is known already. */
  draft?: TranslationDraft | undefined;
  onClose: () => void;
  onMade: (made: Translation) => void;
}

/** Asks what a code of others is called here. */
export function ProposeDialog(props: ProposeProps): JSX.Element {
  return (
    <Dialog
      title={props.draft?.replaces ? "Propose what takes its place" : "Propose a translation"}
      isOpen={props.isOpen}
      onClose={props.onClose}
      size="wide"
    >
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
  const { fieldOf } = proposal;
  return (
    <DraftForm
      ref={(created) => (form = created)}
      button="Propose it"
      leave="Cancel"
      failure={proposal.failure()}
      isSending={proposal.isSending()}
      onSend={() => void proposal.send()}
      onLeave={() => props.onClose()}
    >
      <TableFields {...proposal} isFixed={props.draft !== undefined} />
      <Field {...fieldOf("from")} title="Value as others write it" isFocused={props.draft === undefined} />
      <Field {...fieldOf("fromSystem")} title="Its numbering" hint="Any, or ndc10, gtin, acme" />
      <Field {...fieldOf("to")} title="What it is called here" isFocused={props.draft !== undefined} />
      <Field {...fieldOf("toSystem")} title="Its numbering here" hint="Any, or ndc11" />
      <ReversibleField {...proposal} />
      <Field {...fieldOf("effectiveFrom")} title="First day (empty: it always held)" type="date" />
      <Field {...fieldOf("effectiveTo")} title="Last day (empty: it holds on)" type="date" />
      <Field {...fieldOf("site")} title="Site" hint="All sites" />
      <Field {...fieldOf("interface")} title="Interface" hint="All interfaces" />
      <TextField {...fieldOf("reason")} title="Where it is known from" />
    </DraftForm>
  );
}

function ReversibleField(props: Pick<ReturnType<typeof createProposal>, "draft" | "setDraft">): JSX.Element {
  return (
    <label class="draft-check draft-wide">
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
  const proposal = createDraft<TranslationDraft, Translation>({
    ...options,
    listFaults,
    toFaults,
    send: (client, draft) => client.send("POST /crosswalks", { body: toNewTranslation(draft) }),
    changes: ["/crosswalks", "/mapping-waits"],
    done: "Proposed. It translates nothing until another person approves it.",
  });
  const { draft, setDraft, faults } = proposal;
  const fieldOf = (name: TextName) => ({
    name,
    value: draft[name],
    fault: faults()[name],
    onInput: (value: string) => setDraft(name, value),
  });
  return { ...proposal, fieldOf };
}

/** Which table it belongs to; what waits says so itself. */
function TableFields(
  props: Pick<ReturnType<typeof createProposal>, "draft" | "setDraft"> & { isFixed: boolean },
): JSX.Element {
  return (
    <label class="draft-wide">
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
