import { For, type JSX, createContext, createSignal, useContext } from "solid-js";
import "./toast.css";

const SHOWN_MS = 4000;
const MAX_SHOWN = 3;

type Say = (text: string) => void;

const Context = createContext<Say>();

/** Says short things at the foot of the page, and aloud to screen readers. */
export function ToastProvider(props: { children: JSX.Element }): JSX.Element {
  const [toasts, setToasts] = createSignal<readonly { text: string }[]>([]);
  const say: Say = (text) => {
    const toast = { text };
    setToasts((all) => [...all.slice(1 - MAX_SHOWN), toast]);
    setTimeout(() => setToasts((all) => all.filter((other) => other !== toast)), SHOWN_MS);
  };
  return (
    <Context.Provider value={say}>
      {props.children}
      <div class="toasts" role="status" aria-live="polite">
        <For each={toasts()}>{(toast) => <div class="toast">{toast.text}</div>}</For>
      </div>
    </Context.Provider>
  );
}

/** A function that says something at the foot of the page for four seconds. */
export function useToast(): Say {
  const say = useContext(Context);
  if (say === undefined) throw new Error("useToast stands outside ToastProvider");
  return say;
}
