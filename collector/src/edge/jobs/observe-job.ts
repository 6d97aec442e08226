import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Event } from "@throughline/schemas/event";
import { type JobEnd, type JobRun, toJobFinished, toJobRunning, toJobStarted, toJobTrace } from "./job-events.ts";

export interface ObservedJob {
  interfaceId: string;
  site: string | undefined;
  command: readonly [string, ...string[]];
  environment: NodeJS.ProcessEnv;
  signOfLifeMs: number;
  /** Takes events; what it cannot take is its own to tell, and never stops the job. */
  tell: (events: readonly Event[]) => Promise<void>;
  now: () => number;
}

const PASSED_ON = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2"] as const;

/**
 * Runs a command as it would run by itself, with the same streams, and tells when it starts, that it lives, and how it ends. Its
 * arguments and what it prints are not told. Signals are passed on to it.
 */
export async function observeJob(job: ObservedJob): Promise<JobEnd> {
  const { now, tell } = job;
  const trace = toJobTrace(job.environment["TRACEPARENT"]);
  const run: JobRun = { interfaceId: job.interfaceId, runId: randomUUID(), site: job.site, trace };
  const startedAt = now();
  let telling = tell([toJobStarted(run, startedAt)]);
  const signs = setInterval(() => {
    telling = telling.then(() => tell([toJobRunning(run, { at: now(), startedAt })]));
  }, job.signOfLifeMs);
  const end = await runCommand(job.command, { ...job.environment, TRACEPARENT: trace.traceparent });
  clearInterval(signs);
  await telling;
  await tell(toJobFinished(run, end, { at: now(), startedAt }));
  return end;
}

function runCommand([command, ...args]: ObservedJob["command"], environment: NodeJS.ProcessEnv): Promise<JobEnd> {
  const child = spawn(command, args, { stdio: "inherit", env: environment });
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of PASSED_ON) process.on(signal, passOn);
  return new Promise<JobEnd>((resolve) => {
    child.once("error", (error) => resolve({ failure: "code" in error ? String(error.code) : "unknown" }));
    child.once("exit", (code, signal) => resolve(signal === null ? { exitCode: code ?? 0 } : { signal }));
  }).finally(() => {
    for (const signal of PASSED_ON) process.off(signal, passOn);
  });
}

const SIGNAL_BASE = 128;
const NOT_FOUND = 127;
const NOT_RUNNABLE = 126;

/** The exit code that a shell gives for such an end. */
export function toExitCode(end: JobEnd, signals: Readonly<Record<string, number>>): number {
  if ("exitCode" in end) return end.exitCode;
  if ("signal" in end) return SIGNAL_BASE + (signals[end.signal] ?? 0);
  return end.failure === "ENOENT" ? NOT_FOUND : NOT_RUNNABLE;
}
