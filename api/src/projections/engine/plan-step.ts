import type { ProjectorState } from "./projector-state.ts";
import type { ArrivedFact } from "./read-facts.ts";
import type { Plan } from "./leg-plan.ts";
import { UNREAD } from "../legs/leg-state.ts";
import type { Silence } from "./source-book.ts";
import type { WindowVersion } from "./window-rows.ts";

/** What a step has to go on: the time, the events read, and whether more of them wait behind. */
export interface Outlook {
  now: number;
  cursors: Plan["cursors"];
  facts: readonly ArrivedFact[];
  hasMore: boolean;
  /** When the first event arrived that stays unread; undefined when none did by `readAt`, the time of reading. */
  unreadSince?: number | undefined;
  readAt: number;
  /** The windows in force in the store, where that may have changed. */
  windows: readonly WindowVersion[] | undefined;
}

/** What there is to do now: new events, left-overs of a fan-out, legs that fall due, sources that fall silent, or windows. */
export function findPlan(state: ProjectorState, outlook: Outlook): Plan | undefined {
  const { now, cursors, facts } = outlook;
  const {
    sources,
    horizon: { wakes, boundOf },
  } = state;
  const hasMoved = Object.entries(cursors).some(
    ([log, cursor]) => cursor.nextPosition !== state.cursors[log]?.nextPosition,
  );
  const readUntil = findReadUntil(state, outlook);
  // Of a source by which more wait than are in memory, only those are woken that are.
  const watermarkOf = (source: string) =>
    Math.min(source === UNREAD ? readUntil : sources.findWatermark(source, readUntil).at, boundOf(source) + 1);
  const silences = listSilences(state, outlook);
  const { changes, touches } = planWindows(state, outlook);
  const leftOver = state.deferred.length + state.restated.length;
  const hasWork = hasMoved || leftOver > 0 || silences.length > 0 || touches.length > 0;
  if (!hasWork && !wakes.hasDue({ now, watermarkOf })) return undefined;
  const touched = [...facts.map(({ fact }) => fact.source), ...silences.map(({ source }) => source)];
  return {
    cursors,
    rules: state.rules,
    deferred: state.deferred,
    readUntil,
    complete: Object.fromEntries(
      [...new Set([...sources.listSources(), ...touched])].map((source) => [
        source,
        sources.findWatermark(source, readUntil),
      ]),
    ),
    sourceWatermarks: Object.fromEntries(wakes.sources().map((source) => [source, watermarkOf(source)])),
    feeds: sources.snapshot(touched, readUntil),
    silences,
    windows: changes,
    touches,
    restated: state.restated,
    carried: listCarried(state, touches),
  };
}

function planWindows(state: ProjectorState, { windows }: Outlook) {
  const { changes, touches } = windows === undefined ? { changes: [], touches: [] } : state.windows.compare(windows);
  return { changes, touches: [...state.touches, ...touches] };
}

/** What the sources send that windows name, those among them that have just come or gone. */
function listCarried({ windows, sources }: ProjectorState, touches: Plan["touches"]): Plan["carried"] {
  const named = new Set([...windows.listSources(), ...touches.map(({ source }) => source)]);
  named.delete("");
  return Object.fromEntries([...named].toSorted().map((source) => [source, [...sources.listTypes(source)]]));
}

/** The arrival by which everything is read: no watermark may pass it, and it never goes back. */
function findReadUntil(state: ProjectorState, { now, unreadSince, readAt }: Outlook): number {
  return Math.min(now, Math.max(state.readUntil, unreadSince === undefined ? readAt : unreadSince - 1));
}

/**
 * Who is silent, as far as the logs were read: while they are read from behind, the arrival of what was read is the clock,
 * and nobody is judged while more waits, since what waits may be a sign of life.
 */
function listSilences({ sources }: ProjectorState, { now, facts, hasMore }: Outlook): Silence[] {
  if (hasMore) return [];
  const heard = new Set(facts.map(({ fact }) => fact.source));
  const readUntil = facts.reduce((latest, { fact }) => Math.max(latest, fact.arrivedAt), 0);
  const clock = facts.length === 0 ? now : Math.min(readUntil, now);
  return sources.listSilent(clock).filter(({ source }) => !heard.has(source));
}
