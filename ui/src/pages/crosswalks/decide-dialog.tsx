import { useQueryClient } from "@tanstack/solid-query";
import type { Translation } from "@throughline/api/contract";
import { type JSX, Show, createSignal } from "solid-js";
import { useSession } from "../../data/session.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useToast } from "../../parts/toast.tsx";
import { sayDays, sayPlace } from "./translation-text.ts";
import "../../parts/field.css";

export type Verb = "approve" | "reject" | "withdraw";

export interface Decision {
  verb: Verb;
  translation: Translation;
}

const WORDS: Record<Verb, { title: string; meaning: string; button: string; done: string }> = {
  approve: {
    title: "Approve it?",
    meaning: "It travels to the edges when they ask next. Documents that wait for it are mapped again.",
    button: "Approve it",
    done: "Approved. Edges take it when they ask next.",
  },
  reject: {
    title: "Reject it?",
    meaning: "It translates nothing. Whoever wants it after all has to propose it again.",
    button: "Reject it",
    done: "Rejected",
  },
  withdraw: {
    title: "Withdraw it?",
    meaning: "What it translated is unknown again for new documents. What was told already stays as it is.",
    button: "Withdraw it",
    done: "Withdrawn",
  },
};

/** Asks once more before a decision about a translation is recorded, and what to say with it. */
export function DecideDialog(props: { decision: Decision | undefined; onClose: () => void }): JSX.Element {
  return (
    <Dialog
      title={WORDS[props.decision?.verb ?? "approve"].title}
      isOpen={props.decision !== undefined}
      onClose={props.onClose}
    >
      <Show when={props.decision}>{(decision) => <DecideForm {...decision()} onClose={props.onClose} />}</Show>
    </Dialog>
  );
}

function DecideForm(props: Decision & { onClose: () => void }): JSX.Element {
  const { note, setNote, failure, isSending, send } = createDecision(props);
  return (
    <form
      class="dialog-body crosswalk-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p class="crosswalk-wide">
        <span class="crosswalk-code">{props.translation.from}</span> is{" "}
        <span class="crosswalk-code">{props.translation.to}</span>, {sayPlace(props.translation)},{" "}
        {sayDays(props.translation)}.
      </p>
      <p class="crosswalk-wide">{WORDS[props.verb].meaning}</p>
      <label class="crosswalk-wide">
        Note, for the record
        <textarea
          class="field"
          rows={2}
          maxLength={1000}
          autofocus
          value={note()}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </label>
      <Show when={failure()}>
        {(message) => (
          <p class="late crosswalk-wide" role="alert">
            {message()}
          </p>
        )}
      </Show>
      <div class="crosswalk-actions">
        <Button onClick={() => props.onClose()}>Keep it as it is</Button>
        <Button type="submit" look="solid" disabled={isSending()}>
          {WORDS[props.verb].button}
        </Button>
      </div>
    </form>
  );
}

/** What is said with a decision, and the way to the API. */
function createDecision(props: Decision & { onClose: () => void }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const say = useToast();
  const [note, setNote] = createSignal("");
  const [failure, setFailure] = createSignal("");
  const [isSending, setSending] = createSignal(false);
  const send = async (): Promise<void> => {
    if (isSending()) return;
    setSending(true);
    try {
      const { id, revision } = props.translation;
      const body = { verb: props.verb, translations: [{ id, revision }], note: note().trim() };
      await client.send("POST /crosswalks/decisions", { body });
      say(WORDS[props.verb].done);
      props.onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setSending(false);
      const names = ["/crosswalks", "/crosswalks/{id}", "/mapping-waits"];
      await Promise.all(names.map((name) => queries.invalidateQueries({ queryKey: [name] })));
    }
  };
  return { note, setNote, failure, isSending, send };
}
