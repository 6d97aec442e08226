import { renameSync, writeFileSync } from "node:fs";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createCatalogue } from "../catalogue.ts";
import { createRandom } from "../random.ts";
import { writeInventory } from "./count-inventory.ts";
import {
  type LegacyFolders,
  makeLegacyFolders,
  toPharmacyInterfaces,
  toPurchasingInterfaces,
  writeEdge,
} from "./edge-files.ts";
import { type EdgeProcess, startEdgeProcess } from "./edge-process.ts";
import type { LegacyTrace } from "./legacy-order.ts";
import { type Outbox, openOutbox } from "./outbox.ts";
import { sendMessage, toPharmacyOrder } from "./pharmacy-messages.ts";
import { createOrders } from "./trade-orders.ts";

export interface LegacyOptions {
  /** Where the systems and the collectors keep what is theirs; the demo goes on from it. */
  folder: string;
  gatewayUrl: string;
  key: string;
  seed: number;
}

/** A hospital whose systems say nothing to anybody, with two edge collectors beside them. */
export interface Legacy {
  /** What runs, for people. */
  lines: string[];
  edges: readonly EdgeProcess[];
  stop: () => Promise<void>;
}

const TICK_MS = 1000;
const MESSAGE_MS = 5000;

/**
 * Starts small legacy systems and real edge collectors that read them: a nightly inventory as CSV, a pharmacy that speaks HL7 v2 over MLLP,
 * the folders of an EDI mailbox, and the outbox of an ERP.
 */
export async function startLegacy(options: LegacyOptions): Promise<Legacy> {
  const folders = makeLegacyFolders(options.folder);
  const outbox = await openOutbox(options.folder);
  const edges: EdgeProcess[] = [];
  const stopping = new AbortController();
  try {
    const mllpPort = await findFreePort();
    edges.push(
      await startEdge("pharmacy-edge", { options, folders, interfaces: toPharmacyInterfaces(folders, mllpPort) }),
    );
    const purchasing = toPurchasingInterfaces(folders, outbox.from);
    edges.push(await startEdge("purchasing-edge", { options, folders, interfaces: purchasing }));
    const acting = act({ options, folders, outbox, mllpPort, signal: stopping.signal });
    return {
      lines: [
        "A hospital with systems that nobody will change: a nightly inventory as CSV, a pharmacy that speaks HL7 v2 over MLLP,",
        `an EDI mailbox of X12 files, and ${outbox.title}. Two edge collectors read them; their files: ${options.folder}`,
      ],
      edges,
      stop: async () => {
        stopping.abort();
        await acting;
        await Promise.all(edges.map((edge) => edge.stop()));
        await outbox.stop();
      },
    };
  } catch (error) {
    await Promise.all(edges.map((edge) => edge.stop()));
    await outbox.stop();
    throw error;
  }
}

async function startEdge(
  name: string,
  { options, folders, interfaces }: { options: LegacyOptions; folders: LegacyFolders; interfaces: readonly string[] },
): Promise<EdgeProcess> {
  const port = await findFreePort();
  const config = writeEdge(folders, { name, gatewayUrl: options.gatewayUrl, key: options.key, port, interfaces });
  return startEdgeProcess(config, join(options.folder, name, "edge.log"));
}

/** Lets the systems work until the signal. What one of them cannot do now it does at its next turn. */
async function act(own: {
  options: LegacyOptions;
  folders: LegacyFolders;
  outbox: Outbox;
  mllpPort: number;
  signal: AbortSignal;
}): Promise<void> {
  const { options, folders, outbox, mllpPort, signal } = own;
  const { items } = createCatalogue({ seed: options.seed, hospitals: 1, suppliers: 6, items: 60 });
  const random = createRandom(options.seed, "legacy");
  const leave = (trace: LegacyTrace) => leaveTrace(trace, folders, outbox);
  const orders = createOrders(join(folders.root, "orders.json"), { items, random, leave });
  let messageAt = 0;
  while (!signal.aborted) {
    const now = Date.now();
    const counted = { folder: folders.inventory, noteFile: join(folders.root, "inventory-counted") };
    writeInventory(counted, { items, random, now });
    await orders.tick(now).catch(() => undefined);
    if (now >= messageAt) {
      messageAt = now + random.whole(MESSAGE_MS / 2, MESSAGE_MS * 2);
      await sendMessage(mllpPort, toPharmacyOrder({ items, random, now })).catch(() => undefined);
    }
    await pause(TICK_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Files get their names when they are whole. */
async function leaveTrace(trace: LegacyTrace, folders: LegacyFolders, outbox: Outbox): Promise<void> {
  if (trace.kind === "row") return outbox.write(trace.row);
  const folder = folders[trace.folder];
  writeFileSync(join(folder, `.${trace.name}`), trace.text);
  renameSync(join(folder, `.${trace.name}`), join(folder, trace.name));
}
