import { type JSX, Show } from "solid-js";
import type { Client } from "../data/client.ts";
import { Dialog } from "./dialog.tsx";
import { createDecision } from "./draft.ts";
import { DraftForm, TextField } from "./draft-form.tsx";

/** What is asked once more before it is recorded. */
export interface DecisionWords {
  title: string;
  /** What comes of it. */
  meaning: string;
  button: string;
  /** What is said when it was recorded. */
  done: string;
}

interface DecideProps {
  /** Undefined while nothing is to be decided. */
  words: DecisionWords | undefined;
  /** What is decided about. */
  about: JSX.Element;
  send: (client: Client, note: string) => Promise<unknown>;
  /** Paths of the API that answer otherwise from then on. */
  changes: readonly string[];
  onClose: () => void;
}

/** Asks once more before a decision is recorded, and what to say with it. */
export function DecideDialog(props: DecideProps): JSX.Element {
  return (
    <Dialog title={props.words?.title ?? ""} isOpen={props.words !== undefined} onClose={props.onClose}>
      <Show when={props.words}>{(words) => <DecideForm {...props} words={words()} />}</Show>
    </Dialog>
  );
}

function DecideForm(props: DecideProps & { words: DecisionWords }): JSX.Element {
  const decision = createDecision({
    send: (client, note) => props.send(client, note),
    changes: () => props.changes,
    done: () => props.words.done,
    onDone: () => props.onClose(),
  });
  return (
    <DraftForm
      button={props.words.button}
      leave="Keep it as it is"
      failure={decision.failure()}
      isSending={decision.isSending()}
      onSend={() => void decision.send()}
      onLeave={() => props.onClose()}
    >
      <p class="draft-wide">{props.about}</p>
      <p class="draft-wide">{props.words.meaning}</p>
      <TextField title="Note, for the record" isFocused value={decision.note()} onInput={decision.setNote} />
    </DraftForm>
  );
}
