import { type Accessor, type JSX, createContext, createMemo, createSignal, onCleanup, useContext } from "solid-js";

const Context = createContext<Accessor<number>>();
const TICK_MS = 1000;

/** One clock for the whole page, so that all relative times move together; it rests while the page is hidden. */
export function ClockProvider(props: { children: JSX.Element }): JSX.Element {
  const [now, setNow] = createSignal(Date.now());
  const tick = (): void => {
    if (!document.hidden) setNow(Date.now());
  };
  const timer = setInterval(tick, TICK_MS);
  document.addEventListener("visibilitychange", tick);
  onCleanup(() => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
  });
  return <Context.Provider value={now}>{props.children}</Context.Provider>;
}

/** For everything inside, the time stands at a moment; without one it goes on. */
export function ClockAt(props: { atMs: number | undefined; children: JSX.Element }): JSX.Element {
  const now = useNow();
  const shown = createMemo(() => props.atMs ?? now());
  return <Context.Provider value={shown}>{props.children}</Context.Provider>;
}

/** The time now in milliseconds since 1970, moving once a second. */
export function useNow(): Accessor<number> {
  const now = useContext(Context);
  if (now === undefined) throw new Error("useNow stands outside ClockProvider");
  return now;
}
