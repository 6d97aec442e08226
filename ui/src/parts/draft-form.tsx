import { type JSX, Show } from "solid-js";
import { Button } from "./button.tsx";
import "./draft-form.css";
import "./field.css";

interface DraftFormProps {
  /** On the button that sends it. */
  button: string;
  /** On the button that leaves it. */
  leave: string;
  failure: string;
  isSending: boolean;
  onSend: () => void;
  onLeave: () => void;
  ref?: (form: HTMLFormElement) => void;
  children: JSX.Element;
}

/** A form inside a dialog: its fields, why it was refused, and the two ways out of it. */
export function DraftForm(props: DraftFormProps): JSX.Element {
  return (
    <form
      ref={(created) => props.ref?.(created)}
      class="dialog-body draft-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        props.onSend();
      }}
    >
      {props.children}
      <Show when={props.failure}>
        {(message) => (
          <p class="late draft-wide" role="alert">
            {message()}
          </p>
        )}
      </Show>
      <div class="draft-actions">
        <Button onClick={() => props.onLeave()}>{props.leave}</Button>
        <Button type="submit" look="solid" disabled={props.isSending}>
          {props.button}
        </Button>
      </div>
    </form>
  );
}

interface FieldProps {
  title: string;
  value: string;
  name?: string;
  hint?: string;
  fault?: string | undefined;
  type?: "date" | "datetime-local";
  isFocused?: boolean;
  isWide?: boolean;
  onInput: (value: string) => void;
}

/** A line of text, a day or a moment, and what is wrong with it. */
export function Field(props: FieldProps): JSX.Element {
  return (
    <label classList={{ "draft-wide": props.isWide === true }}>
      {props.title}
      <input
        class="field"
        name={props.name}
        type={props.type ?? "text"}
        value={props.value}
        placeholder={props.hint ?? ""}
        autofocus={props.isFocused ?? false}
        aria-invalid={props.fault !== undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <Fault text={props.fault} />
    </label>
  );
}

/** Lines of text over the whole width, and what is wrong with them. */
export function TextField(props: Omit<FieldProps, "type" | "isWide"> & { rows?: number }): JSX.Element {
  return (
    <label class="draft-wide">
      {props.title}
      <textarea
        class="field"
        name={props.name}
        rows={props.rows ?? 2}
        maxLength={1000}
        value={props.value}
        placeholder={props.hint ?? ""}
        autofocus={props.isFocused ?? false}
        aria-invalid={props.fault !== undefined}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <Fault text={props.fault} />
    </label>
  );
}

export function Fault(props: { text: string | undefined }): JSX.Element {
  return (
    <Show when={props.text}>
      {(text) => (
        <span class="draft-fault" role="alert">
          {text()}
        </span>
      )}
    </Show>
  );
}
