import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startProjector } from "@throughline/api/projections/projector";
import { startReconciler } from "@throughline/api/projections/reconciler";
import { startApi } from "@throughline/api/start";
import { startGateway } from "@throughline/collector/gateway/gateway";
import { createKeyDirectory } from "@throughline/schemas/clickhouse/key-directory";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { pino } from "pino";
import { z } from "zod";
import { isBuilt } from "../../ui/build.ts";
import { OPEN_ITEMS, createBooks } from "./books.ts";
import { TO_WORK_ON, createInvoices } from "./invoices.ts";
import { createPack } from "./pack.ts";
import { UNANSWERED, createTrade } from "./trade.ts";

const ROOT = join(import.meta.dirname, "../..");
const READY_MS = 40_000;
const POLL_MS = 100;
const ignore = () => undefined;

export const TOKEN = "the-token-of-the-administrator-of-tests";

export interface Stack {
  url: string;
  /** A link that signs in, once. */
  createSignInLink: () => string;
  /** Sends events and waits until they are acknowledged. */
  send: (events: readonly object[]) => Promise<Response>;
  close: () => Promise<void>;
}

interface StackOptions {
  isEmpty?: boolean;
  /** Sends books that do not agree. */
  hasBooks?: boolean;
  /** Matches invoices, and sends some that differ from their orders. */
  hasInvoices?: boolean;
}

/** The whole tower: engine, gateway, projectors and API with the built pages, empty or filled with a known trade. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  if (!isBuilt()) throw new Error("The pages are not built as their sources are now: npm run build");
  const folder = mkdtempSync(join(tmpdir(), "throughline-e2e-"));
  const engine = await startLocalEngine({ directory: join(folder, "engine"), memoryBytes: 1_500_000_000 });
  const { connection } = engine;
  await prepareStore(connection);
  const writer = createWriter(connection);
  const keys = await createKeyDirectory({ writer, administratorToken: TOKEN });
  const pack = createPack({ isMatching: options.hasInvoices === true });
  const logger = pino({ level: "silent" });
  const gateway = await startGateway({
    host: "127.0.0.1",
    port: 0,
    directory: join(folder, "gateway"),
    connection,
    authenticate: (bearer) => keys.findPrincipal(bearer),
    logger,
  });
  const projectors = [startProjector, startReconciler].map((start) => start({ connection, pack, onError: ignore }));
  const api = await startApi({
    host: "127.0.0.1",
    port: 0,
    connection,
    pack,
    keys,
    logger,
    uiDirectory: join(ROOT, "ui/dist"),
  });
  const stack: Stack = {
    url: api.url,
    createSignInLink: () => api.createSignInLink(),
    send: (events) => post(`${gateway.url}/v1/events`, events, "application/cloudevents-batch+json"),
    close: async () => {
      await api.close();
      await Promise.all(projectors.map((projector) => projector.stop()));
      await gateway.stop();
      keys.close();
      await writer.close();
      await engine.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  if (options.hasBooks === true) await sendBooks(stack);
  if (options.hasInvoices === true) await sendInvoices(stack);
  if (options.isEmpty !== true) await fill(stack, gateway.url);
  return stack;
}

/** Sends the invoices, and waits until they are matched. */
async function sendInvoices(stack: Stack): Promise<void> {
  const answer = await stack.send(createInvoices(Date.now()));
  if (!answer.ok) throw new Error(`The invoices were refused: ${await answer.text()}`);
  const endsAt = Date.now() + READY_MS;
  const path = `${stack.url}/api/v1/matches?state=open&q=INV-900`;
  for (;;) {
    const response = await fetch(path, { headers: { authorization: `Bearer ${TOKEN}` } });
    const page = z.object({ items: z.array(z.unknown()) }).parse(await response.json());
    if (page.items.length >= TO_WORK_ON) return;
    if (Date.now() > endsAt) throw new Error("The matches did not appear in time.");
    await delay(POLL_MS);
  }
}

/** Sends the books, and waits until they are reconciled. */
async function sendBooks(stack: Stack): Promise<void> {
  const answer = await stack.send(createBooks(Date.now()));
  if (!answer.ok) throw new Error(`The books were refused: ${await answer.text()}`);
  const endsAt = Date.now() + READY_MS;
  while ((await countOpenItems(stack.url)) < OPEN_ITEMS) {
    if (Date.now() > endsAt) throw new Error("The open items did not appear in time.");
    await delay(POLL_MS);
  }
}

async function countOpenItems(url: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/reconciliations`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const unit = z.object({ count: z.number() });
  const list = z.object({ items: z.array(z.object({ units: z.array(unit) })) }).parse(await response.json());
  return list.items.flatMap(({ units }) => units).reduce((left, { count }) => left + count, 0);
}

async function fill(stack: Stack, gatewayUrl: string): Promise<void> {
  const trade = createTrade(Date.now());
  const answers = [
    await stack.send(trade.events),
    await post(`${gatewayUrl}/v1/traces`, trade.spans, "application/json"),
  ];
  for (const answer of answers) if (!answer.ok) throw new Error(`The trade was refused: ${await answer.text()}`);
  await stack.send([
    {
      specversion: "1.0",
      id: "bad-1",
      source: "/edi/CARDINAL",
      type: "Not A Type",
      data: { objects: [{ type: "lot", id: "" }] },
    },
  ]);
  const endsAt = Date.now() + READY_MS;
  while ((await countBreaches(stack.url)) < UNANSWERED) {
    if (Date.now() > endsAt) throw new Error("The verdicts did not appear in time.");
    await delay(POLL_MS);
  }
}

async function countBreaches(url: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/breaches?limit=1000&leg=acknowledgement`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  const page = z.object({ items: z.array(z.object({ verdict: z.string() })) }).parse(await response.json());
  return page.items.filter(({ verdict }) => verdict === "BREACHED").length;
}

function post(url: string, body: object, type: string): Promise<Response> {
  return fetch(url, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": type },
  });
}
