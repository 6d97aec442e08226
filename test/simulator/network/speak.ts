import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { renameSync, writeFileSync } from "node:fs";
import { type Socket, connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "@throughline/schemas/error";
import type { Utterance } from "./agents/agent.ts";

/** Where the words of a system go; each protocol uses its part. */
export interface Place {
  /** A folder that an edge looks into. */
  drop: string;
  mllpPort: number;
  hook: { url: string; secret: string };
  gateway: { url: string; key: string };
  /** The edge's configuration, for observed jobs. */
  edgeConfig: string;
  /** Address of a database with an outbox; null where there is none. */
  outbox: string | null;
}

/** Says one thing, and returns when whoever hears it has it. */
export type Speaker = { say(utterance: Utterance): Promise<void>; end(): Promise<void> };

const ROOT = join(import.meta.dirname, "../../..");
const START = "\u000b";
const END = "\u001c\r";
const ATTEMPTS = 40;
const PAUSE_MS = 250;
const ENDINGS: Partial<Record<Utterance["format"], string>> = {
  x12: "edi",
  epcis: "epcis.json",
  idoc: "idoc.xml",
  json: "posting.json",
  row: "posting.json",
};
const nothing = () => Promise.resolve();

/** A folder: each document is a file, whole when it has its name. */
export function createFolderSpeaker({ drop }: Place): Speaker {
  let count = 0;
  const say = async ({ at, format, text }: Utterance) => {
    count += 1;
    const path = join(drop, `${at}-${String(count).padStart(6, "0")}.${ENDINGS[format] ?? format}`);
    writeFileSync(`${path}.part`, text);
    renameSync(`${path}.part`, path);
  };
  return { say, end: nothing };
}

/** MLLP: one connection, one message at a time; each waits for its acknowledgement. */
export function createMllpSpeaker({ mllpPort }: Place): Speaker {
  let open: Socket | undefined;
  const getSocket = async () => {
    if (open !== undefined && !open.destroyed) return open;
    open = await tryUntil(async () => {
      const socket = connect(mllpPort, "127.0.0.1");
      await once(socket, "connect");
      return socket;
    });
    return open;
  };
  const say = async ({ text }: Utterance) => {
    const socket = await getSocket();
    socket.write(`${START}${text}${END}`, "utf8");
    const [answer] = await once(socket, "data");
    // What was damaged on its way is refused, and not sent again.
    if (!/MSA\|[AC][ARE]/.test(String(answer)))
      throw new AppError("unavailable", `The receiver answered ${String(answer).slice(0, 200)}`);
  };
  return { say, end: async () => void open?.destroy() };
}

/** Webhooks signed as Standard Webhooks has it; a receiver that is away or busy is asked again. */
export function createHookSpeaker({ hook }: Place): Speaker {
  const key = Buffer.from(hook.secret.slice("whsec_".length), "base64");
  let count = 0;
  const say = async ({ at, text }: Utterance) => {
    count += 1;
    const id = `msg_${at}_${count}`;
    await tryUntil(async () => {
      const time = String(Math.floor(Date.now() / 1000));
      const signature = createHmac("sha256", key).update(`${id}.${time}.${text}`).digest("base64");
      const headers = {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": time,
        "webhook-signature": `v1,${signature}`,
      };
      const response = await fetch(hook.url, { method: "POST", body: text, headers });
      if (!response.ok) throw new AppError("unavailable", `The receiver answered ${response.status}.`);
    });
  };
  return { say, end: nothing };
}

/** Observed jobs: each run is a child of the collector's `wrap`. */
export function createJobSpeaker({ edgeConfig }: Place): Speaker {
  const say = async () => {
    const job = [process.execPath, "-e", "setTimeout(() => undefined, 50)"];
    const args = [
      join(ROOT, "commands/collector.ts"),
      "wrap",
      "--config",
      edgeConfig,
      "--interface",
      "ledger-run",
      "--",
      ...job,
    ];
    const [code] = await once(spawn(process.execPath, args, { stdio: "ignore" }), "exit");
    if (code !== 0) throw new AppError("internal", `The job ended with ${String(code)}.`);
  };
  return { say, end: nothing };
}

async function tryUntil<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++)
    try {
      return await work();
    } catch (error) {
      if (tried === ATTEMPTS) throw error;
      await delay(PAUSE_MS);
    }
}
