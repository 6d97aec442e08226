import { fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AppError } from "@throughline/schemas/error";
import { ROOT } from "../../repository/root.ts";

const COLLECTOR = join(ROOT, "commands/collector.ts");
const END_WITH_PARENT = pathToFileURL(join(import.meta.dirname, "end-with-parent.ts")).href;
const STOP_MS = 10_000;

/** An edge collector in a process of its own, as a site runs it. It ends with this process, however that ends. */
export interface EdgeProcess {
  pid: number;
  stop: () => Promise<void>;
}

/** Starts `throughline-collector run` and waits until it reads. What it logs goes into a file. Throws `unavailable` when it ends before. */
export async function startEdgeProcess(config: string, logFile: string): Promise<EdgeProcess> {
  const child = fork(COLLECTOR, ["run", "--config", config], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: ["--import", END_WITH_PARENT],
  });
  const log = createWriteStream(logFile, { flags: "a" });
  child.stderr?.pipe(log);
  const ended = once(child, "exit");
  const ready = child.stdout === null ? ended : once(child.stdout, "data");
  const isReady = await Promise.race([ready.then(() => true), ended.then(() => false)]);
  if (!isReady || child.pid === undefined)
    throw new AppError("unavailable", `An edge collector ended before it read anything; see ${logFile}.`);
  return {
    pid: child.pid,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
