import { type Accessor, type JSX, createContext, createSignal, useContext } from "solid-js";

export interface ChartCursor {
  atMs: Accessor<number | undefined>;
  setAtMs: (atMs: number | undefined) => void;
}

const Context = createContext<ChartCursor>();

/** One cursor for all charts inside. */
export function ChartCursorProvider(props: { children: JSX.Element }): JSX.Element {
  return <Context.Provider value={createCursor()}>{props.children}</Context.Provider>;
}

/** The cursor that this chart shares with its neighbours, or one of its own. */
export function useChartCursor(): ChartCursor {
  return useContext(Context) ?? createCursor();
}

function createCursor(): ChartCursor {
  const [atMs, setAtMs] = createSignal<number>();
  return { atMs, setAtMs };
}
