import { randomBytes } from "node:crypto";
import { BATCH_TYPE, type Event } from "@throughline/schemas/event";

export const JOB_STARTED = "operations.job.started";
export const JOB_RUNNING = "operations.job.running";
export const JOB_FINISHED = "operations.job.finished";

/** One run of a job: what its events have in common. */
export interface JobRun {
  interfaceId: string;
  /** Told apart from the other runs of the job. */
  runId: string;
  site: string | undefined;
  trace: JobTrace;
}

/** How a run ended: by its exit code, by a signal, or before it began. */
export type JobEnd = { exitCode: number } | { signal: string } | { failure: string };

/** The run's place in a trace, and what its process is handed. */
export interface JobTrace {
  /** Of the run itself, as its events carry it and as `TRACEPARENT` for what it starts. */
  traceparent: string;
}

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-(?<flags>[0-9a-f]{2})$/;

/** Goes on with the trace that the job was started in, or begins one. */
export function toJobTrace(inherited: string | undefined): JobTrace {
  const given = inherited === undefined ? undefined : TRACEPARENT.exec(inherited);
  const traceId = given ? given[0].slice(3, 35) : randomBytes(16).toString("hex");
  const flags = given?.groups?.["flags"] ?? "01";
  return { traceparent: `00-${traceId}-${randomBytes(8).toString("hex")}-${flags}` };
}

/** The source in whose name the runs of a job speak. */
export function toJobSource(interfaceId: string): string {
  return `/jobs/${interfaceId}`;
}

export function toJobStarted(run: JobRun, at: number): Event {
  return toEvent(run, { name: "started", type: JOB_STARTED, at, data: {} });
}

/** The run goes on; it began at `startedAt`. */
export function toJobRunning(run: JobRun, { at, startedAt }: { at: number; startedAt: number }): Event {
  return toEvent(run, {
    name: `running-${at}`,
    type: JOB_RUNNING,
    at,
    data: { attributes: { duration_ms: at - startedAt } },
  });
}

/** The end of a run and, where it went well, the trailer by which an expected batch counts as come. */
export function toJobFinished(run: JobRun, end: JobEnd, { at, startedAt }: { at: number; startedAt: number }): Event[] {
  const isOk = "exitCode" in end && end.exitCode === 0;
  const attributes = {
    duration_ms: at - startedAt,
    ...("exitCode" in end && { exit_code: end.exitCode }),
    ...("signal" in end && { signal: end.signal }),
    ...("failure" in end && { failure: end.failure }),
  };
  const data = { outcome: isOk ? ("ok" as const) : ("failed" as const), attributes };
  const finished = toEvent(run, { name: "finished", type: JOB_FINISHED, at, data });
  if (!isOk) return [finished];
  const trailer = toEvent(run, { name: "batch", type: BATCH_TYPE, at, data: {} });
  const watermark = new Date(at).toISOString();
  return [finished, { ...trailer, data: { attributes: { name: run.interfaceId, watermark } } }];
}

function toEvent(
  run: JobRun,
  { name, type, at, data }: { name: string; type: string; at: number; data: Exclude<Event["data"], string | null> },
): Event {
  const { interfaceId, runId, site, trace } = run;
  return {
    specversion: "1.0",
    id: `${runId}/${name}`,
    source: toJobSource(interfaceId),
    type,
    time: new Date(at).toISOString(),
    traceparent: trace.traceparent,
    ...(site !== undefined && { site }),
    data: {
      objects: [
        { type: "interface", id: interfaceId },
        { type: "job_run", id: `${interfaceId}/${runId}` },
      ],
      ...data,
    },
  };
}
