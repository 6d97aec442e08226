import type { ClockSkew } from "../forward/clock-skew.ts";
import type { ForwardState } from "../forward/start-forwarder.ts";
import type { SpoolState } from "../spool/open-spool.ts";
import type { WayBackState } from "../way-back/open-way-back.ts";
import type { RedactionCounts } from "@throughline/schemas/way-back/redaction-counts";
import type { IntakeCounts } from "./intake.ts";

/** How an edge is, as `/status` shows it. */
export interface EdgeStatus {
  /** What a person should look at; empty while all is well. */
  problems: string[];
  spool: SpoolState;
  /** Entries that wait here for a person. */
  kept: number;
  forward: ForwardState;
  clock: ClockSkew | undefined;
  interfaces: {
    id: string;
    kind: string;
    counts: IntakeCounts;
    /** What redaction did since the start or its last change, in fields. */
    redacted: RedactionCounts;
    completeAt: string | undefined;
    failure: string | undefined;
  }[];
  /** What observed jobs handed over; undefined where none are. */
  /** Documents that wait for crosswalks. */
  waiting: { documents: number; sizeBytes: number; dropped: number };
  /** What the tower said last; undefined where it is not asked. */
  wayBack: WayBackState | undefined;
  jobs: { taken: number; failure: string | undefined } | undefined;
}

/** Names what is wrong, by what an edge knows of itself. `rejected` says why a changed configuration was not taken. */
export function findProblems(
  status: Omit<EdgeStatus, "problems">,
  { warnAtPercent, rejected }: { warnAtPercent: number; rejected: string | undefined },
): string[] {
  const { spool, forward, interfaces, jobs, waiting, wayBack } = status;
  const percent = Math.floor((spool.sizeBytes / spool.maxBytes) * 100);
  return [
    ...(percent >= warnAtPercent ? [`The spool is ${percent} % full.`] : []),
    ...(forward.failure === undefined ? [] : [`The gateway takes nothing: ${forward.failure}.`]),
    ...(rejected === undefined ? [] : [`A changed configuration was refused. ${rejected}`]),
    ...interfaces.flatMap(({ id, failure }) => (failure === undefined ? [] : [`${id}: ${failure}.`])),
    ...(waiting.dropped === 0 ? [] : [`${waiting.dropped} documents that waited for crosswalks gave way.`]),
    ...(wayBack?.failure === undefined ? [] : [`The tower cannot be asked: ${wayBack.failure}.`]),
    ...(jobs?.failure === undefined ? [] : [`What jobs hand over waits: ${jobs.failure}.`]),
  ];
}
