import type { ClickHouseClient } from "@clickhouse/client";
import type { FlowModel } from "../legs/flow-model.ts";
import type { ApprovedWindow, FindWindows } from "../legs/moves.ts";
import { type CarriedTypes, type WindowTouch, sendsEndOf } from "./crossed-legs.ts";
import {
  type WindowChange,
  type WindowVersion,
  countWindowRows,
  listStoredWindows,
  listTakenUpWindows,
} from "./window-rows.ts";

const MAX_REMEMBERED = 100_000;
const NO_WINDOWS: readonly ApprovedWindow[] = [];

/** The approved windows that evaluation goes by. */
export interface WindowBook {
  /** What is in force in the store now; undefined when nothing was added since the last call. */
  readStored: () => Promise<readonly WindowVersion[] | undefined>;
  /** How the store differs from what evaluation goes by, and which legs that concerns. */
  compare: (stored: readonly WindowVersion[]) => { changes: WindowChange[]; touches: WindowTouch[] };
  apply: (changes: readonly WindowChange[]) => void;
  /** What is to be looked at again when sources begin to send what they did not before. */
  listTouches: (sources: ReadonlySet<string>) => WindowTouch[];
  /** The sources that windows name. */
  listSources: () => string[];
  /** The windows of a kind of leg, where sources send the given types. */
  finder: (carried: CarriedTypes) => FindWindows;
}

/** Opens the book as it was after the last finished step of a shard. */
export async function openWindowBook(
  client: ClickHouseClient,
  { models, shard, before }: { models: readonly FlowModel[]; shard: number; before: number },
): Promise<WindowBook> {
  const inForce = new Map<string, WindowVersion>();
  for (const window of await listTakenUpWindows(client, { shard, before })) inForce.set(window.id, window);
  let rowsSeen = -1;
  let remembered = new Map<string, readonly ApprovedWindow[]>();
  let rememberedFor = "";
  return {
    readStored: async () => {
      const rows = await countWindowRows(client);
      if (rows === rowsSeen) return undefined;
      rowsSeen = rows;
      return listStoredWindows(client);
    },
    compare: (stored) => compareWindows(inForce, stored),
    apply: (changes) => {
      if (changes.length > 0) remembered = new Map();
      for (const { isInForce, ...window } of changes)
        if (isInForce) inForce.set(window.id, window);
        else inForce.delete(window.id);
    },
    listTouches: (sources) =>
      [...inForce.values()].filter(({ source }) => sources.has(source)).map((window) => toTouch(window, window.until)),
    listSources: () =>
      [...new Set([...inForce.values()].map(({ source }) => source))].filter((source) => source !== ""),
    finder: (carried) => {
      if (inForce.size === 0) return () => NO_WINDOWS;
      const fingerprint = JSON.stringify(carried);
      if (fingerprint !== rememberedFor || remembered.size > MAX_REMEMBERED) remembered = new Map();
      rememberedFor = fingerprint;
      return (of) => {
        const key = `${of.flow}\u0000${of.leg}\u0000${of.site}\u0000${of.supplier}`;
        const known = remembered.get(key);
        if (known) return known;
        const found = [...inForce.values()].filter((window) => isFor(window, of, { models, carried })).map(toApproved);
        remembered.set(key, found);
        return found;
      };
    },
  };
}

function compareWindows(inForce: ReadonlyMap<string, WindowVersion>, stored: readonly WindowVersion[]) {
  const changes: WindowChange[] = [];
  const touches: WindowTouch[] = [];
  const ids = new Set(stored.map(({ id }) => id));
  for (const window of stored) {
    const before = inForce.get(window.id);
    if (before?.version === window.version) continue;
    changes.push({ ...window, isInForce: true });
    const until = before === undefined ? window.until : maxUntil(before.until, window.until);
    touches.push(toTouch(window, until));
  }
  for (const before of inForce.values()) {
    if (ids.has(before.id)) continue;
    changes.push({ ...before, isInForce: false });
    touches.push(toTouch(before, before.until));
  }
  return { changes, touches };
}

function maxUntil(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b);
}

function toTouch({ flow, leg, site, supplier, source, from }: WindowVersion, until: number | null): WindowTouch {
  return { flow, leg, site, supplier, source, from, until };
}

function toApproved({ id, version, kind, from, until }: WindowVersion): ApprovedWindow {
  return { id, version, kind, from, until: until ?? undefined };
}

function isFor(
  window: WindowVersion,
  of: Parameters<FindWindows>[0],
  { models, carried }: { models: readonly FlowModel[]; carried: CarriedTypes },
): boolean {
  const fits = (name: string, value: string) => name === "" || name === value;
  if (!fits(window.flow, of.flow) || !fits(window.leg, of.leg)) return false;
  if (!fits(window.site, of.site) || !fits(window.supplier, of.supplier)) return false;
  return window.source === "" || sendsEndOf(models, of, carried[window.source] ?? []);
}
