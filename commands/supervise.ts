import { type ChildProcess, fork } from "node:child_process";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@throughline/schemas/error";
import type { Logger } from "pino";
import { type RoleOrder, type RoleReady, roleReady } from "./role-message.ts";

const ROLE_PROCESS = join(import.meta.dirname, "role-process.ts");
const MIN_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 15_000;
const STABLE_AFTER_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
/** A niceness: what waits for nobody gives way to what does. */
export const RECONCILER_PRIORITY = constants.priority.PRIORITY_BELOW_NORMAL;
/** What waits for nobody may not take the memory of what does. */
const HEAP_LIMITS: Partial<Record<RoleOrder["role"], readonly string[]>> = {
  reconciler: ["--max-old-space-size=2048"],
};

/** A role that runs in a process of its own and is started again when that ends. */
export interface SupervisedRole {
  /** What it said when it was first ready. */
  ready: RoleReady;
  stop: () => Promise<void>;
}

/** Starts a role and waits until it is ready. Throws `unavailable` when it ends before that. */
export async function superviseRole(order: RoleOrder, logger: Logger): Promise<SupervisedRole> {
  let backoffMs = MIN_BACKOFF_MS;
  let isStopping = false;
  let child = startRole(order);
  let startedAt = Date.now();
  const stopped = new AbortController();

  const watch = () => {
    child.once("exit", (code, signal) => {
      if (!isStopping) void restart(code, signal);
    });
  };
  const restart = async (code: number | null, signal: string | null) => {
    if (Date.now() - startedAt > STABLE_AFTER_MS) backoffMs = MIN_BACKOFF_MS;
    logger.error({ role: order.role, code, signal, backoffMs }, "role ended and is started again");
    await delay(backoffMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
    if (isStopping) return;
    startedAt = Date.now();
    child = startRole(order);
    watch();
  };
  const ready = await waitUntilReady(child, order.role);
  watch();
  return {
    ready,
    stop: async () => {
      isStopping = true;
      stopped.abort();
      await stopChild(child);
    },
  };
}

function startRole(order: RoleOrder): ChildProcess {
  const child = fork(ROLE_PROCESS, [order.role], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    // Most of what these processes make lives for one batch: a larger young generation spares copying it.
    execArgv: ["--max-semi-space-size=64", ...(HEAP_LIMITS[order.role] ?? [])],
  });
  if (order.role === "reconciler" && child.pid !== undefined) setPriority(child.pid, RECONCILER_PRIORITY);
  child.send(order);
  return child;
}

function waitUntilReady(child: ChildProcess, role: string): Promise<RoleReady> {
  return new Promise((resolve, reject) => {
    const onExit = () =>
      reject(new AppError("unavailable", `The ${role} ended while starting; its last words are above.`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(roleReady.parse(message));
    });
  });
}

async function stopChild(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
