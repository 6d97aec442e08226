import { type Query, useQueryClient } from "@tanstack/solid-query";
import type { Notice } from "@throughline/api/contract";
import { type Accessor, type JSX, createContext, createEffect, createSignal, onCleanup, useContext } from "solid-js";
import { type Reading, findNextDueMs, untilDueMs } from "./refresh.ts";

/** `live`: changes are shown as they come; `paused`: by the user's wish they are not; `lost`: the stream is being opened again. */
export type LiveState = "live" | "paused" | "lost";

export interface Live {
  state: Accessor<LiveState>;
  /** When the state began. */
  sinceMs: Accessor<number>;
  setPaused: (isPaused: boolean) => void;
}

const Context = createContext<Live>();
const STREAM = "/api/v1/stream";
const REFRESH_MS = 4000;
const RETRY_MS = { first: 1000, most: 30_000 };
const NOTICES: readonly Notice["kind"][] = ["accepted", "evaluated", "resync"];
const UNCHANGED_BY_EVENTS = new Set(["/me", "/keys", "names"]);

/** Listens to what the tower says of changes and reads again what is shown, at most once in four seconds and as often as it asks. */
export function LiveProvider(props: { children: JSX.Element }): JSX.Element {
  const queries = useQueryClient();
  const [state, setState] = createSignal<LiveState>("live");
  const [sinceMs, setSince] = createSignal(Date.now());
  const [isPaused, setPaused] = createSignal(false);
  const enter = (next: LiveState): void => {
    if (next !== state()) setSince(Date.now());
    setState(next);
  };
  let later: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(later));
  const refresh = createThrottle(() => {
    if (document.hidden || isPaused()) return;
    const now = Date.now();
    const changing = queries.getQueryCache().findAll({ predicate: isChangedByEvents });
    void queries.invalidateQueries({
      predicate: (query) => isChangedByEvents(query) && untilDueMs(toReading(query), now) <= 0,
    });
    clearTimeout(later);
    const nextMs = findNextDueMs(changing.filter((query) => query.isActive()).map(toReading), now);
    if (nextMs !== undefined) later = setTimeout(refresh, nextMs);
  });
  const refreshWhenSeen = (): void => {
    if (!document.hidden && !isPaused()) refresh();
  };
  document.addEventListener("visibilitychange", refreshWhenSeen);
  onCleanup(() => document.removeEventListener("visibilitychange", refreshWhenSeen));
  createEffect(() => {
    if (isPaused()) {
      enter("paused");
      return;
    }
    const close = openStream({
      onNotice: refresh,
      onOpen: () => {
        if (state() !== "live") refresh();
        enter("live");
      },
      onLost: () => enter("lost"),
    });
    onCleanup(close);
  });
  return <Context.Provider value={{ state, sinceMs, setPaused }}>{props.children}</Context.Provider>;
}

function isChangedByEvents({ queryKey: [name] }: Query): boolean {
  return !UNCHANGED_BY_EVENTS.has(String(name));
}

function toReading({ meta, state }: Query): Reading {
  const refreshMs = meta?.["refreshMs"];
  return { readAtMs: state.dataUpdatedAt, refreshMs: typeof refreshMs === "number" ? refreshMs : 0 };
}

export function useLive(): Live {
  const live = useContext(Context);
  if (live === undefined) throw new Error("useLive stands outside LiveProvider");
  return live;
}

interface StreamHandlers {
  onNotice: () => void;
  onOpen: () => void;
  onLost: () => void;
}

/** Keeps a stream open, opening it again after growing pauses. Returns what closes it. */
function openStream(handlers: StreamHandlers): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = RETRY_MS.first;
  const connect = (): void => {
    const opened = new EventSource(STREAM, { withCredentials: true });
    source = opened;
    opened.addEventListener("open", () => {
      waitMs = RETRY_MS.first;
      handlers.onOpen();
    });
    for (const kind of NOTICES) opened.addEventListener(kind, handlers.onNotice);
    opened.addEventListener("error", () => {
      opened.close();
      handlers.onLost();
      timer = setTimeout(connect, waitMs);
      waitMs = Math.min(RETRY_MS.most, waitMs * 2);
    });
  };
  connect();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

/** Runs at once, then at most once in four seconds; the last call is never lost. */
function createThrottle(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isDue = false;
  const finish = (): void => {
    timer = undefined;
    if (isDue) start();
  };
  const start = (): void => {
    isDue = false;
    run();
    timer = setTimeout(finish, REFRESH_MS);
  };
  onCleanup(() => clearTimeout(timer));
  return () => {
    if (timer === undefined) start();
    else isDue = true;
  };
}
