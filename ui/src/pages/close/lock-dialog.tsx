import { type JSX, Show, createSignal } from "solid-js";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import type { CheckpointPath, CloseActions, LockVerb } from "./close-actions.ts";
import "../../parts/field.css";

const WORDS: Record<LockVerb, { title: string; meaning: string; button: string }> = {
  lock: {
    title: "Lock the period?",
    meaning:
      "Its figures are fixed as they stand in this checkpoint. What arrives later becomes an adjustment that names it.",
    button: "Lock it",
  },
  unlock: {
    title: "Open the period again?",
    meaning: "Its figures follow what is known from now on. What the lock kept stays, and can still be reproduced.",
    button: "Unlock it",
  },
};
const SHORTEST = 3;

interface LockDialogProps {
  verb: LockVerb | undefined;
  path: CheckpointPath;
  actions: CloseActions;
  onClose: () => void;
}

/** Asks why, before a period is locked or opened again. */
export function LockDialog(props: LockDialogProps): JSX.Element {
  return (
    <Dialog title={WORDS[props.verb ?? "lock"].title} isOpen={props.verb !== undefined} onClose={props.onClose}>
      <Show when={props.verb}>{(verb) => <LockForm {...props} verb={verb()} />}</Show>
    </Dialog>
  );
}

function LockForm(props: LockDialogProps & { verb: LockVerb }): JSX.Element {
  const [reason, setReason] = createSignal("");
  const isEnough = () => reason().trim().length >= SHORTEST;
  const send = async (): Promise<void> => {
    if (!isEnough()) return;
    if (await props.actions.changeLock(props.verb, props.path, reason().trim())) props.onClose();
  };
  return (
    <form
      class="dialog-body close-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p>{WORDS[props.verb].meaning}</p>
      <label>
        Why, for the record
        <textarea
          class="field"
          rows={2}
          maxLength={2000}
          autofocus
          value={reason()}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <Show when={props.actions.failure()}>
        {(message) => (
          <p class="late" role="alert">
            {message()}
          </p>
        )}
      </Show>
      <div class="close-buttons">
        <Button onClick={() => props.onClose()}>Leave it as it is</Button>
        <Button type="submit" look="solid" disabled={props.actions.isBusy() || !isEnough()}>
          {WORDS[props.verb].button}
        </Button>
      </div>
    </form>
  );
}
