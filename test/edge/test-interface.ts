import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DocumentPack, parseDocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import { pino } from "pino";
import { z } from "zod";
import { ROOT } from "../repository/root.ts";
import { parseEdgeConfig } from "@throughline/collector/edge/config/read-edge-config";
import type { EdgeInterface } from "@throughline/collector/edge/config/edge-config";
import { startWaiting } from "@throughline/collector/edge/waiting/start-waiting";
import { startInterface } from "@throughline/collector/edge/run/start-interface";
import { openSpool } from "@throughline/collector/edge/spool/open-spool";
import { drain, SECRET } from "@throughline/collector/edge/spool/spool.fixture";

/** A mapping of rows of stock. */
export const STOCK = `
name: json-stock
title: Stock (JSON)
format: json
documents: [record]
source: /outbox/north
time: { from: ["{at}"] }
keep: [{ path: id }, { path: item }, { path: on_hand }, { path: at }, { path: operation }]
events:
  - type: pharmacy.stock.counted
    objects: [{ type: item, id: "{item}", required: true }]
    measures: { on_hand: { value: "{on_hand}", unit: EA } }
    attributes: { row: "{id}", op: "{operation}" }
`;

const eventText = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(
    z.looseObject({
      id: z.string(),
      type: z.string(),
      time: z.string(),
      data: z.looseObject({
        attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
        measures: z.record(z.string(), z.unknown()).default({}),
      }),
    }),
  );
export type SpooledEvent = z.infer<typeof eventText>;

/** The shipped mappings, and one for rows of stock. */
export function loadTestPack(): DocumentPack {
  const folder = join(ROOT, "config/documents");
  const shipped = readdirSync(folder).map((name) => ({ path: name, text: readFileSync(join(folder, name), "utf8") }));
  const result = parseDocumentPack([...shipped, { path: "documents/json-stock.yaml", text: STOCK }]);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.pack;
}

/** The interface of this text, as it stands in an `edge.yaml`. */
export function parseInterface(text: string): EdgeInterface {
  const rest = "gateway: { url: 'http://127.0.0.1', keyFile: k }\npack: p\nspool: { directory: s, keyFile: k }";
  const result = parseEdgeConfig("edge.yaml", `${rest}\ninterfaces:\n  - ${text}\n`);
  const [first] = result.ok ? result.config.interfaces : [];
  if (first === undefined) throw new Error(JSON.stringify(result));
  return first;
}

const NO_CROSSWALKS = { version: 0, tables: [] };

/** An interface over a spool of its own, without a gateway: what it took waits there. */
export async function startTestInterface(text: string, folder: string) {
  const logged: string[] = [];
  mkdirSync(folder, { recursive: true });
  const spool = await openSpool({ directory: join(folder, "events"), secret: SECRET, maxBytes: 50_000_000 });
  const kept = await openSpool({ directory: join(folder, "kept"), secret: SECRET, maxBytes: 5_000_000 });
  const logger = pino({ base: null }, { write: (line) => void logged.push(line) });
  const waiting = await startWaiting({
    directory: join(folder, "waiting"),
    secret: SECRET,
    maxBytes: 5_000_000,
    maxAgeMs: 86_400_000,
    spool,
    logger,
    now: Date.now,
  });
  const parts = {
    directory: folder,
    pack: loadTestPack(),
    policy: {},
    secret: SECRET,
    spool,
    kept,
    waiting,
    towerCrosswalks: () => NO_CROSSWALKS,
    skew: () => undefined,
  };
  const running = await startInterface(parseInterface(text), { ...parts, logger, now: Date.now });
  return {
    running,
    logged,
    /** What it took since it was asked last, without heartbeats. */
    readEvents: async (): Promise<SpooledEvent[]> =>
      (await drain(spool)).map((each) => eventText.parse(each)).filter(({ type }) => !type.startsWith("throughline.")),
    readKept: () => drain(kept),
    stop: async () => {
      await running.stop();
      await waiting.stop();
      await spool.close();
      await kept.close();
    },
  };
}

export type TestInterface = Awaited<ReturnType<typeof startTestInterface>>;

/** A row of stock as JSON. */
export function toStock(id: number): Buffer {
  const at = new Date(Date.UTC(2026, 10, 20) + id * 1000).toISOString();
  return Buffer.from(JSON.stringify({ id, item: `00071${id}`, on_hand: id, at }));
}

/** The rows that events speak of, in their order. */
export function toRows(events: readonly SpooledEvent[]): number[] {
  return events.map(({ data }) => Number(data.attributes["row"]));
}
