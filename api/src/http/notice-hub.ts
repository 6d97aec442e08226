import { randomBytes } from "node:crypto";
import type { Change } from "../queries/list-changes.ts";

/** A change with the id that a reader resumes from. */
export interface NumberedChange {
  id: string;
  change: Change;
}

export type Listener = (numbered: NumberedChange) => void;

/** Hands changes to all who listen, and keeps the last ones for those who come back. */
export interface NoticeHub {
  /** Undefined when as many listen as may. `missed` is undefined when it is not known what was missed since `lastId`. */
  listen(
    listener: Listener,
    lastId: string | undefined,
  ): { missed: NumberedChange[] | undefined; stop: () => void } | undefined;
  listeners: () => number;
  close(): void;
}

export interface NoticeHubOptions {
  /** Changes at or after a time, oldest first; some may be listed again. */
  listChanges: (since: number) => Promise<Change[]>;
  now: () => number;
  pollMs?: number;
  maxListeners?: number;
  onError?: (error: unknown) => void;
}

const DEFAULT_POLL_MS = 400;
const DEFAULT_LISTENERS = 500;
const KEPT = 1000;

/** How far back each poll looks, since what was recorded earlier may become visible later. */
const OVERLAP_MS = 10_000;

/** Asks for changes once for all listeners, and only while anybody listens. */
export function createNoticeHub(options: NoticeHubOptions): NoticeHub {
  const { listChanges, now, pollMs = DEFAULT_POLL_MS, maxListeners = DEFAULT_LISTENERS } = options;
  const boot = randomBytes(6).toString("hex");
  const listeners = new Set<Listener>();
  let kept: NumberedChange[] = [];
  let seen = new Set<string>();
  let count = 0;
  let startedAt = 0;
  let polledAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  const publish = (change: Change) => {
    const numbered = { id: `${boot}-${++count}`, change };
    kept = [...kept.slice(1 - KEPT), numbered];
    for (const listener of listeners) listener(numbered);
  };
  const poll = async () => {
    const time = now();
    const changes = await listChanges(Math.max(startedAt, polledAt - OVERLAP_MS));
    const fresh = changes.filter(({ key }) => !seen.has(key));
    seen = new Set(changes.map(({ key }) => key));
    polledAt = time;
    for (const change of fresh) publish(change);
  };
  const schedule = () => {
    timer ??= setTimeout(() => {
      void poll()
        .catch((error: unknown) => options.onError?.(error))
        .finally(() => {
          timer = undefined;
          if (listeners.size > 0) schedule();
        });
    }, pollMs).unref();
  };
  const startAnew = () => {
    kept = [];
    seen = new Set();
    startedAt = now();
  };
  return {
    listen: (listener, lastId) => {
      if (listeners.size >= maxListeners) return undefined;
      // Nobody listened for so long that not all of what happened since could be told.
      if (listeners.size === 0 && now() - polledAt > OVERLAP_MS) startAnew();
      listeners.add(listener);
      schedule();
      return { missed: findMissed(kept, lastId), stop: () => void listeners.delete(listener) };
    },
    listeners: () => listeners.size,
    close: () => {
      clearTimeout(timer);
      listeners.clear();
    },
  };
}

function findMissed(kept: readonly NumberedChange[], lastId: string | undefined): NumberedChange[] | undefined {
  if (lastId === undefined) return [];
  const index = kept.findIndex(({ id }) => id === lastId);
  return index === -1 ? undefined : kept.slice(index + 1);
}
