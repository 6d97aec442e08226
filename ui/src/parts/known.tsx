import { type Accessor, type JSX, Show, createMemo } from "solid-js";

interface KnownProps<Value extends object> {
  value: Value | null;
  children: (value: Accessor<Value>) => JSX.Element;
}

/** Shows a value while there is one. What shows it may go on reading the last one while it is taken away. */
export function Known<Value extends object>(props: KnownProps<Value>): JSX.Element {
  const last = createMemo<Value | undefined>((before) => props.value ?? before);
  return (
    <Show when={props.value !== null}>
      <Show when={last()}>{(value) => props.children(value)}</Show>
    </Show>
  );
}
