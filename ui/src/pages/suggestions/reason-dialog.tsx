import { type JSX, Show, createSignal } from "solid-js";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import type { ConfirmationActions } from "./confirmation-actions.ts";
import "../../parts/field.css";
import "./suggestions-page.css";

/** Something that is to be said with words before it is done. */
export interface Asked {
  title: string;
  meaning: string;
  button: string;
  /** Words that it takes at least; 0: none. */
  shortest: number;
  send: (text: string) => Promise<boolean>;
}

interface ReasonDialogProps {
  asked: Asked | undefined;
  actions: ConfirmationActions;
  onClose: () => void;
}

/** Asks why, for the record. */
export function ReasonDialog(props: ReasonDialogProps): JSX.Element {
  return (
    <Dialog title={props.asked?.title ?? ""} isOpen={props.asked !== undefined} onClose={props.onClose}>
      <Show when={props.asked}>{(asked) => <ReasonForm {...props} asked={asked()} />}</Show>
    </Dialog>
  );
}

function ReasonForm(props: ReasonDialogProps & { asked: Asked }): JSX.Element {
  const [text, setText] = createSignal("");
  const isEnough = () => text().trim().length >= props.asked.shortest;
  const send = async (): Promise<void> => {
    if (isEnough() && (await props.asked.send(text().trim()))) props.onClose();
  };
  return (
    <form
      class="dialog-body suggestion-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p>{props.asked.meaning}</p>
      <label>
        {props.asked.shortest > 0 ? "Why, for the record" : "What is to be said"}
        <textarea
          class="field"
          rows={2}
          maxLength={2000}
          autofocus
          value={text()}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <Show when={props.actions.failure()}>
        {(message) => (
          <p class="late" role="alert">
            {message()}
          </p>
        )}
      </Show>
      <div class="suggestion-buttons">
        <Button onClick={() => props.onClose()}>Leave it as it is</Button>
        <Button type="submit" look="solid" disabled={props.actions.isBusy() || !isEnough()}>
          {props.asked.button}
        </Button>
      </div>
    </form>
  );
}
