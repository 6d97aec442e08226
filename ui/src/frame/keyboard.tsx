import { type JSX, createContext, createSignal, onCleanup, onMount, useContext } from "solid-js";
import { type KeyState, followKey } from "./key-sequence.ts";

export interface Binding {
  /** As `followKey` names it: `j`, `g b`, `mod+k`. */
  key: string;
  label: string;
  run: () => void;
}

export interface Keyboard {
  /** What can be pressed now, the newest first; of two with the same key the newest counts. */
  bindings: () => readonly Binding[];
  add: (binding: Binding) => void;
  remove: (binding: Binding) => void;
}

const Context = createContext<Keyboard>();

/** Listens to the keys of the whole page and runs what parts of it have bound. */
export function KeyboardProvider(props: { children: JSX.Element }): JSX.Element {
  const [bindings, setBindings] = createSignal<readonly Binding[]>([]);
  let state: KeyState = { leaderAtMs: undefined };
  const listen = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const result = followKey(state, {
      key: event.key,
      atMs: event.timeStamp,
      isTyping: isField(event.target),
      hasModifier: event.ctrlKey || event.metaKey,
    });
    ({ state } = result);
    const binding = bindings().find((candidate) => candidate.key === result.binding);
    if (binding === undefined) return;
    event.preventDefault();
    binding.run();
  };
  onMount(() => document.addEventListener("keydown", listen));
  onCleanup(() => document.removeEventListener("keydown", listen));
  const keyboard: Keyboard = {
    bindings,
    add: (binding) => setBindings((all) => [binding, ...all]),
    remove: (binding) => setBindings((all) => all.filter((other) => other !== binding)),
  };
  return <Context.Provider value={keyboard}>{props.children}</Context.Provider>;
}

export function useKeyboard(): Keyboard {
  const keyboard = useContext(Context);
  if (keyboard === undefined) throw new Error("useKeyboard stands outside KeyboardProvider");
  return keyboard;
}

/** Binds a key for as long as the component that calls it is there; the overlay of keys lists it. */
export function createKey(key: string, label: string, run: () => void): void {
  const keyboard = useKeyboard();
  const binding = { key, label, run };
  keyboard.add(binding);
  onCleanup(() => keyboard.remove(binding));
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName)) return true;
  return target.closest('[role="menu"], [role="listbox"], [aria-modal="true"]') !== null;
}
