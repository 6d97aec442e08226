import type { MatchCause } from "@throughline/schemas/match";
import { needsWork, toFingerprint } from "../projections/matches/fingerprint.ts";

/**
 * `open`: nobody has it. `in_work`: somebody took it. `proposed`: accepted by one person, and waits for a second. `accepted`:
 * it stays as it is. `resolved`: it passes by now.
 */
export const WORK_STATES = ["open", "in_work", "proposed", "accepted", "resolved"] as const;
export type WorkState = (typeof WORK_STATES)[number];

/** A result that was given of a slot. */
export interface ResultVersion {
  kind: string;
  batch: number;
  evaluatedAt: string;
  causes: readonly MatchCause[];
  isRemoved: boolean;
}

/** What somebody did about a result. */
export interface WorkAct {
  version: number;
  verb: string;
  state: WorkState;
  /** The result that it was about. */
  batch: number;
  fingerprint: string;
  minutes: number;
}

/** How the work on a slot stands. */
export interface WorkStanding {
  state: WorkState;
  /** Since when something keeps it from being paid, this time. */
  raisedAt: string;
  resolvedAt: string | undefined;
  /** The last act that still counts; undefined when none does. */
  act: WorkAct | undefined;
  /** It passed, or was accepted, and then differed again or otherwise. */
  isReopened: boolean;
  fingerprint: string;
  /** Of the last act, whether it counts or not. */
  version: number;
  minutes: number;
}

/**
 * How the work on a slot stands, from all results that were given of it and all that was done about it, both in their order.
 * Whatever was done counts until the result passes; an acceptance, or the wish for one, as long as it differs by the same.
 * Undefined when nothing ever kept it from being paid.
 */
export function findStanding<Act extends WorkAct>(
  versions: readonly ResultVersion[],
  acts: readonly Act[],
): (WorkStanding & { act: Act | undefined }) | undefined {
  const stands = (version: ResultVersion) => !version.isRemoved && needsWork(version);
  const last = versions.findLastIndex(stands);
  const current = versions.at(-1);
  const latest = versions[last];
  if (latest === undefined || current === undefined) return undefined;
  const start = versions.slice(0, last).findLastIndex((version) => !stands(version)) + 1;
  const raised = versions[start];
  if (raised === undefined) return undefined;
  const newest = acts.at(-1);
  const inForce = newest !== undefined && newest.batch >= raised.batch ? newest : undefined;
  const fingerprint = toFingerprint(latest.causes);
  const isAboutThis = inForce !== undefined && (inForce.fingerprint === fingerprint || inForce.batch === latest.batch);
  const isVoid = inForce !== undefined && isAcceptance(inForce.state) && !isAboutThis;
  const act = isVoid ? undefined : inForce;
  const isResolved = !stands(current);
  return {
    state: isResolved ? "resolved" : (act?.state ?? "open"),
    raisedAt: raised.evaluatedAt,
    resolvedAt: isResolved ? versions[last + 1]?.evaluatedAt : undefined,
    act,
    isReopened: !isResolved && (isVoid || versions.slice(0, start).some(stands)),
    fingerprint,
    version: newest?.version ?? 0,
    minutes: acts.reduce((sum, { minutes }) => sum + minutes, 0),
  };
}

function isAcceptance(state: WorkState): boolean {
  return state === "accepted" || state === "proposed";
}
