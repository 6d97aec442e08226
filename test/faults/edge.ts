import type { ChildProcess } from "node:child_process";
import { readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  configureCollector,
  endCollector,
  startCollector,
  toInventoryFile,
  toOrderMessage,
} from "../edge/collector-process.ts";
import { type ReceivedEvent, startGatewayStub } from "../edge/gateway-stub.ts";
import { sendMessage } from "../simulator/legacy/pharmacy-messages.ts";
import { createRandom } from "../simulator/random.ts";
import type { Check } from "./verify.ts";

export interface EdgeCampaignOptions {
  directory: string;
  kills: number;
  seed: number;
  /** How long the gateway is away, from the middle of the kills on. */
  awaySeconds: number;
  say: (line: string) => void;
}

const ROWS = 200;
const FILE_EVERY_MS = 500;
const MESSAGE_PAUSE_MS = 10;
const DRAIN_MS = 180_000;
const EMPTY_PAUSE_MS = 100;

/**
 * Kills an edge again and again while files are dropped and messages are sent, and takes the gateway away meanwhile. Proves that every row of
 * every file and every message that was acknowledged arrived under one id with one content, and that the numbers have no gaps.
 */
export async function runEdgeCampaign(options: EdgeCampaignOptions): Promise<Check[]> {
  const { directory, kills, say } = options;
  const ledger = createLedger();
  const gateway = await startGatewayStub(ledger.take);
  const edge = await configureCollector(directory, gateway.url);
  const stopping = new AbortController();
  let child = await startCollector(edge.file);
  const load = startLoad(edge, stopping.signal);
  const away = takeAway(gateway, options);
  try {
    for (let kill = 1; kill <= kills; kill++) {
      await pause(away.toPauseMs(kill));
      if (kill === Math.ceil(kills / 2)) await away.begin();
      await endCollector(child, "SIGKILL");
      say(`kill ${kill} of ${kills}: ${ledger.count()} events at the gateway`);
      child = await startCollector(edge.file);
    }
    await away.end();
    stopping.abort();
    const told = await load.ended;
    await drain(edge, child);
    return ledger.check(told);
  } finally {
    stopping.abort();
    await endCollector(child, "SIGKILL");
    await gateway.close();
  }
}

/** The gateway goes from half of the kills on, so that the others happen while it is away. */
function takeAway(
  gateway: Awaited<ReturnType<typeof startGatewayStub>>,
  { kills, seed, awaySeconds, say }: EdgeCampaignOptions,
) {
  const random = createRandom(seed, "edge-kills");
  const half = Math.ceil(kills / 2);
  const later = Math.max(1, kills - half);
  let begunAt: number | undefined;
  return {
    toPauseMs: (kill: number) =>
      kill <= half ? random.whole(300, 2500) : Math.round((awaySeconds * 1000) / later) + random.whole(0, 300),
    begin: async () => {
      begunAt = Date.now();
      await gateway.close();
      say("the gateway is away");
    },
    end: async () => {
      if (begunAt === undefined) return;
      say(`the gateway is back after ${Math.round((Date.now() - begunAt) / 1000)} s`);
      await gateway.open();
    },
  };
}

interface Told {
  rows: number;
  /** Messages that the edge acknowledged. */
  messages: number[];
}

/** Drops files and sends messages, each again until it is acknowledged, until the signal. */
function startLoad(edge: { drop: string; mllpPort: number }, signal: AbortSignal) {
  const told: Told = { rows: 0, messages: [] };
  const dropFiles = async () => {
    while (!signal.aborted) {
      const name = `${String(told.rows).padStart(9, "0")}.csv`;
      writeFileSync(join(edge.drop, `.${name}`), toInventoryFile(told.rows, ROWS));
      renameSync(join(edge.drop, `.${name}`), join(edge.drop, name));
      told.rows += ROWS;
      await pause(FILE_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  const sendMessages = async () => {
    for (let number = 1; !signal.aborted;) {
      const isTaken = await sendMessage(edge.mllpPort, toOrderMessage(number, 1_790_000_000_000)).then(
        () => true,
        () => false,
      );
      if (isTaken) told.messages.push(number++);
      await pause(isTaken ? MESSAGE_PAUSE_MS : EMPTY_PAUSE_MS);
    }
  };
  return { ended: Promise.all([dropFiles(), sendMessages()]).then(() => told) };
}

/** Waits until nothing lies in the drop or in the spool. */
async function drain(edge: Awaited<ReturnType<typeof configureCollector>>, child: ChildProcess): Promise<void> {
  const until = Date.now() + DRAIN_MS;
  while (Date.now() < until && child.exitCode === null) {
    const isRead = readdirSync(edge.drop).length === 0;
    if (isRead && (await edge.readStatus()).spool.waitingEntries === 0) return;
    await pause(EMPTY_PAUSE_MS);
  }
}

/** What the gateway was told, and whether that is what was to be told. */
function createLedger() {
  const contents = new Map<string, Set<string>>();
  const lots = new Map<string, Set<string>>();
  const messages = new Map<string, Set<string>>();
  const numbers = new Map<string, Set<number>>();
  const addTo = <V>(map: Map<string, Set<V>>, key: string, value: V) =>
    map.set(key, (map.get(key) ?? new Set()).add(value));
  const take = (events: readonly ReceivedEvent[]) => {
    for (const event of events) {
      const identity = `${event.source} ${event.id}`;
      const text = JSON.stringify({ ...event, sequence: "" });
      addTo(numbers, event.source, Number(event.sequence));
      addTo(contents, identity, text);
      const lot = /"id":"00071015523\/(L\d+)"/.exec(text)?.[1];
      if (lot !== undefined) addTo(lots, lot, identity);
      const message = /\/M(\d+)\b/.exec(event.id)?.[1];
      if (message !== undefined) addTo(messages, message, identity);
    }
  };
  const check = (told: Told) => {
    const missingRows = Array.from({ length: told.rows }, (_, row) => `L${row}`).filter((lot) => !lots.has(lot));
    const missing = told.messages.filter((number) => !messages.has(String(number)));
    const countOver = (map: Map<string, Set<unknown>>) => [...map.values()].filter(({ size }) => size > 1).length;
    const gaps = [...numbers].filter(([, set]) => findLargest(set) !== set.size);
    const toFinding = (count: number, what: string) => (count === 0 ? "" : `${count} ${what}`);
    return [
      { name: `each of ${told.rows} rows of files arrived`, finding: toFinding(missingRows.length, "are missing") },
      {
        name: `each of ${told.messages.length} acknowledged messages arrived`,
        finding: toFinding(missing.length, "are missing"),
      },
      { name: "each row has one id", finding: toFinding(countOver(lots), "have several") },
      { name: "each message has one id", finding: toFinding(countOver(messages), "have several") },
      { name: "each id has one content", finding: toFinding(countOver(contents), "have several") },
      { name: "the numbers of each source have no gap", finding: toFinding(gaps.length, "sources have one") },
    ];
  };
  return { take, check, count: () => contents.size };
}

function findLargest(numbers: ReadonlySet<number>): number {
  let largest = 0;
  for (const number of numbers) largest = Math.max(largest, number);
  return largest;
}
