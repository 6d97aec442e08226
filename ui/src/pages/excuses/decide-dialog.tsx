import { useQueryClient } from "@tanstack/solid-query";
import type { Excuse } from "@throughline/api/contract";
import { type JSX, Show, createSignal } from "solid-js";
import type { Names } from "../../data/names.ts";
import { useSession } from "../../data/session.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useToast } from "../../parts/toast.tsx";
import { sayCovered } from "./excuse-text.ts";
import "../../parts/field.css";

export type Verb = "approve" | "reject" | "withdraw" | "end";

const WORDS: Record<Verb, { title: string; meaning: string; button: string; done: string }> = {
  approve: {
    title: "Approve it?",
    meaning: "Its time no longer counts. Deadlines move, and breaches that fall away are corrected.",
    button: "Approve it",
    done: "Approved. The legs that it crosses are judged again.",
  },
  reject: {
    title: "Reject it?",
    meaning: "It moves nothing. Whoever wants it after all has to request it again.",
    button: "Reject it",
    done: "Rejected",
  },
  withdraw: {
    title: "Withdraw it?",
    meaning: "Its time counts again: legs that it excused may be breached from now on. This cannot be taken back.",
    button: "Withdraw it",
    done: "Withdrawn. The legs that it crossed are judged again.",
  },
  end: {
    title: "End the pause now?",
    meaning: "The legs go on from now; the time up to now does not count. It cannot be opened again.",
    button: "End it now",
    done: "Ended. The legs that it crosses are judged again.",
  },
};

interface DecideProps {
  verb: Verb | undefined;
  excuse: Excuse;
  names: Names;
  onClose: () => void;
}

/** Asks once more before a decision about a window is recorded, and what to say with it. */
export function DecideDialog(props: DecideProps): JSX.Element {
  return (
    <Dialog title={WORDS[props.verb ?? "approve"].title} isOpen={props.verb !== undefined} onClose={props.onClose}>
      <Show when={props.verb}>{(verb) => <DecideForm {...props} verb={verb()} />}</Show>
    </Dialog>
  );
}

function DecideForm(props: DecideProps & { verb: Verb }): JSX.Element {
  const { note, setNote, failure, isSending, send } = createDecision(props);
  return (
    <form
      class="dialog-body excuse-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p class="excuse-wide">
        {props.excuse.reason}. {sayCovered(props.excuse, props.names)}.
      </p>
      <p class="excuse-wide">{WORDS[props.verb].meaning}</p>
      <label class="excuse-wide">
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
          <p class="late excuse-wide" role="alert">
            {message()}
          </p>
        )}
      </Show>
      <div class="excuse-actions">
        <Button onClick={() => props.onClose()}>Keep it as it is</Button>
        <Button type="submit" look="solid" disabled={isSending()}>
          {WORDS[props.verb].button}
        </Button>
      </div>
    </form>
  );
}

/** What is said with a decision, and the way to the API. */
function createDecision(props: DecideProps & { verb: Verb }) {
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
      const { id, version } = props.excuse;
      const body = { version, note: note().trim() };
      await client.send(`POST /excuses/{id}/${props.verb}`, { path: { id }, body });
      say(WORDS[props.verb].done);
      props.onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setSending(false);
      await Promise.all(["/excuses", "/excuses/{id}"].map((name) => queries.invalidateQueries({ queryKey: [name] })));
    }
  };
  return { note, setNote, failure, isSending, send };
}
