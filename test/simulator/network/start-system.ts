import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { AppError } from "@throughline/schemas/error";
import { z } from "zod";
import { truthRow } from "../truth.ts";
import type { Performer } from "./conduct.ts";
import type { Command, SystemOrder } from "./system-process.ts";

/** A system in a process of its own. */
export interface RunningSystem extends Performer {
  /** Lets it bring to its end what it says, and resolves to how many things it said in all. */
  finish(): Promise<number>;
  stop(): Promise<void>;
}

const PROCESS = join(import.meta.dirname, "system-process.ts");
const report = z.object({
  mail: z.array(z.strictObject({ from: z.string(), to: z.string(), format: z.string(), text: z.string() })),
  faults: z.array(truthRow.omit({ id: true })),
  called: z.array(z.string()),
  nextAt: z.number().nullable(),
  said: z.int(),
});

/** Starts a system and waits until it is ready. It ends with this process, however that ends. */
export async function startSystem(order: SystemOrder): Promise<RunningSystem> {
  const child = spawn(process.execPath, [PROCESS, JSON.stringify(order)], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const ended = once(child, "exit");
  const failed = ended.then(([code]) => {
    throw new AppError(
      "unavailable",
      `The system ${order.system} ended with ${String(code)}: ${complaint.slice(0, 2000)}`,
    );
  });
  failed.catch(() => undefined);
  const listen = async () => report.parse((await Promise.race([once(child, "message"), failed]))[0]);
  const ready = await listen();
  let { said } = ready;
  const tell = (command: Command) => void child.send(command);
  return {
    id: order.system,
    nextAt: ready.nextAt ?? Infinity,
    step: async (now, mail) => {
      const heard = listen();
      tell({ now, mail: [...mail] });
      const { nextAt, ...deeds } = await heard;
      said = deeds.said;
      return { ...deeds, nextAt: nextAt ?? Infinity };
    },
    finish: async () => {
      tell({ end: true });
      const [code] = await ended;
      if (code !== 0) await failed;
      return said;
    },
    stop: () => end(child, ended),
  };
}

async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await ended;
}
