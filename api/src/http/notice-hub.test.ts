import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Change } from "../queries/list-changes.ts";
import { createNoticeHub, type NumberedChange } from "./notice-hub.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

function toChange(key: string): Change {
  return { kind: "evaluated", key, at: new Date().toISOString(), projector: "legs" };
}

function createStore() {
  const changes: Change[] = [];
  let polls = 0;
  return {
    add: (key: string) => void changes.push(toChange(key)),
    polls: () => polls,
    listChanges: async (since: number) => {
      polls += 1;
      return changes.filter(({ at }) => Date.parse(at) >= since);
    },
  };
}

const keysOf = (heard: readonly NumberedChange[]) => heard.map(({ change }) => change.key);

test("tells each listener of each change once, asking once for all", async () => {
  const store = createStore();
  const hub = createNoticeHub({ listChanges: store.listChanges, now: Date.now, pollMs: 100 });
  const heard: NumberedChange[][] = [[], [], []];
  for (const list of heard) hub.listen((numbered) => list.push(numbered), undefined);
  store.add("a");
  await vi.advanceTimersByTimeAsync(250);
  store.add("b");
  await vi.advanceTimersByTimeAsync(250);
  for (const list of heard) expect(keysOf(list)).toEqual(["a", "b"]);
  expect(store.polls()).toBeLessThanOrEqual(5);
  hub.close();
});

test("asks nothing while nobody listens", async () => {
  const store = createStore();
  const hub = createNoticeHub({ listChanges: store.listChanges, now: Date.now, pollMs: 100 });
  hub.listen(() => {}, undefined)?.stop();
  await vi.advanceTimersByTimeAsync(1000);
  expect(store.polls()).toBeLessThanOrEqual(1);
});

test("tells who comes back what was missed, and that it is not known after a pause", async () => {
  const store = createStore();
  const hub = createNoticeHub({ listChanges: store.listChanges, now: Date.now, pollMs: 100 });
  const heard: NumberedChange[] = [];
  const first = hub.listen((numbered) => heard.push(numbered), undefined);
  store.add("a");
  store.add("b");
  await vi.advanceTimersByTimeAsync(150);
  const lastId = heard[0]?.id;
  first?.stop();
  const second = hub.listen(() => {}, lastId);
  expect(keysOf(second?.missed ?? [])).toEqual(["b"]);
  second?.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hub.listen(() => {}, lastId)?.missed).toBeUndefined();
  hub.close();
});

test("goes on after the store was away, and takes a bounded number of listeners", async () => {
  const store = createStore();
  const errors: unknown[] = [];
  let isAway = true;
  const listChanges = async (since: number) => {
    if (isAway) throw new Error("away");
    return store.listChanges(since);
  };
  const hub = createNoticeHub({
    listChanges,
    now: Date.now,
    pollMs: 100,
    maxListeners: 1,
    onError: (error) => errors.push(error),
  });
  const heard: NumberedChange[] = [];
  hub.listen((numbered) => heard.push(numbered), undefined);
  expect(hub.listen(() => {}, undefined)).toBeUndefined();
  store.add("a");
  await vi.advanceTimersByTimeAsync(250);
  isAway = false;
  await vi.advanceTimersByTimeAsync(250);
  expect(errors.length).toBeGreaterThan(0);
  expect(keysOf(heard)).toEqual(["a"]);
  hub.close();
});
