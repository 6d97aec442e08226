import { join } from "node:path";
import type { Fact } from "@throughline/api/projections/fact";
import { evaluateFacts } from "@throughline/api/projections/matches/match-oracle.fixture";
import { openReconciler } from "@throughline/api/projections/reconciler";
import { evaluateSubject } from "@throughline/api/projections/reconciliations/item-row";
import { toReconciliationModels } from "@throughline/api/projections/reconciliations/model";
import { startLocalEngine } from "@throughline/schemas/clickhouse/local-engine";
import { createWriter, prepareStore } from "@throughline/schemas/clickhouse/store";
import { loadPack } from "../../commands/pack-files.ts";
import { type BenchContext, type Figure, readNumber } from "./harness.ts";
import { EVENTS_A_COUNT, addStockEvents } from "./stored-stock.ts";

const SIZES = [1000, 5000, 10_000, 50_000];
const ENGINE_MEMORY_BYTES = 4 * 1024 ** 3;
const LINE = { type: "purchase_order_line", id: "1/10" };
const ROUNDS = 10;

/** What a long history of one object costs: to evaluate it as a whole, and to add an event to it. */
export async function run(context: BenchContext): Promise<Figure[]> {
  const pack = loadPack(join(import.meta.dirname, "../../config"));
  const model = toReconciliationModels(pack.reconciliations).find(({ rule }) => rule.id === "receipts-to-invoices");
  if (!model) throw new Error("the shipped pack reconciles no receipts with invoices");
  const figures: Figure[] = [];
  for (const size of SIZES) {
    const facts = listTrade(size);
    figures.push(
      measure(`reconciling ${size} events of one order line`, () =>
        evaluateSubject(model, { subject: LINE.id, facts }, new Map()),
      ),
      measure(`matching ${size} events of one order line`, () => evaluateFacts(facts, pack)),
    );
  }
  for (const size of [1000, readNumber(context, "events", 100_000)])
    figures.push(await measureStock(context, { pack, size }));
  return figures;
}

function measure(name: string, work: () => unknown): Figure {
  const startedAt = performance.now();
  work();
  return { name, value: performance.now() - startedAt, unit: "ms", higherIsBetter: false };
}

/** An order, and receipts and invoices in turn. */
function listTrade(size: number): Fact[] {
  const start = Date.UTC(2026, 0, 1);
  return Array.from({ length: size }, (_, index): Fact => {
    const isReceipt = index % 2 === 0;
    const kind =
      index === 0 ? "procurement.purchase_order.issued" : isReceipt ? "erp.goods_receipt.posted" : "erp.invoice.posted";
    const document = { type: isReceipt ? "goods_receipt" : "invoice", id: `S/${index}` };
    const quantity = { value: index === 0 ? "100000" : String(1 + (index % 5)), unit: "EA" };
    return {
      log: "log",
      position: index,
      source: "erp",
      id: `${kind} ${index}`,
      revision: 0,
      digest: "aa",
      type: kind,
      domain: "erp",
      time: start + index * 60_000,
      arrivedAt: start + index * 60_000,
      site: "north",
      outcome: "",
      objects: index === 0 ? [LINE, { type: "purchase_order", id: "1" }] : [LINE, document],
      reverses: undefined,
      measures: { quantity, price: { value: "2.00", currency: "USD" }, amount: { value: "4.00", currency: "USD" } },
      attributes: {},
    };
  });
}

/** A place that has been counted for long: a step of one dispense, or of one count. */
async function measureStock(
  context: BenchContext,
  { pack, size }: { pack: ReturnType<typeof loadPack>; size: number },
): Promise<Figure> {
  const directory = join(context.directory, `engine-${size}`);
  const engine = await startLocalEngine({ directory, memoryBytes: ENGINE_MEMORY_BYTES });
  const client = createWriter(engine.connection);
  await prepareStore(engine.connection);
  const log = `place-${size}`;
  context.say(`Reconciling ${size} events of an item in a place`);
  await addStockEvents(client, { log, batch: 1, first: 0, count: size });
  const reconciler = await openReconciler({ connection: engine.connection, pack });
  while (await reconciler.advance());
  let first = size;
  let ms = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    await addStockEvents(client, { log, batch: round + 2, first, count: EVENTS_A_COUNT });
    first += EVENTS_A_COUNT;
    const startedAt = performance.now();
    while (await reconciler.advance());
    ms += performance.now() - startedAt;
  }
  await reconciler.close();
  await client.close();
  await engine.stop();
  const name = `a step of ${EVENTS_A_COUNT} events where a place has ${size}`;
  return { name, value: ms / ROUNDS, unit: "ms", higherIsBetter: false };
}
