import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createMemoryExporter } from "../exporters/memory-exporter.ts";
import { type Throughline, createThroughline } from "../throughline.ts";
import { extractFileName, injectFileName, removeFileNameTrace } from "./file-name.ts";
import { extractHeaders, toHeaders } from "./headers.ts";
import { extractHl7, injectHl7 } from "./hl7.ts";
import { readObjects } from "./objects.ts";
import { createRegistry } from "./registry.ts";
import { readSideCar, toSideCarPath, writeSideCar } from "./side-car.ts";
import { extractX12, injectX12 } from "./x12.ts";

const ISA =
  "ISA*00*          *00*          *ZZ*NORTHMED       *ZZ*MERIDIAN       *260302*1015*U*00401*000000017*0*P*>~";
const ORDER = `${ISA}GS*PO*NORTHMED*MERIDIAN*20260302*1015*17*X*004010~ST*850*0001~BEG*00*SA*4500012345**20260302~PO1*1*10*CS*24.00**ND*00093415573~CTT*1~SE*5*0001~GE*1*17~IEA*1*000000017~`;
const REPLY = `${ISA}GS*PR*MERIDIAN*NORTHMED*20260302*1015*9*X*004010~ST*855*0001~BAK*00*AC*4500012345*20260302~SE*3*0001~GE*1*9~IEA*1*000000018~`;
const DISPENSE = "MSH|^~\\&|PHARM|NORTH|ERP|GROUP|20260302101500||RDS^O13|MSG-17|P|2.5\rRXD|1|00093415573\r";

let directory: string;
let spans: InMemorySpanExporter;
let provider: TracerProvider;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "throughline-survival-"));
  spans = new InMemorySpanExporter();
  provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => {
  context.disable();
  propagation.disable();
  trace.disable();
  rmSync(directory, { recursive: true });
});

function create(source: string): Throughline {
  const throughline = createThroughline({
    source,
    exporter: createMemoryExporter(),
    tracing: provider,
    handleExit: false,
    carryObjects: ["purchase_order"],
  });
  throughline.start();
  return throughline;
}

const toTraceId = ([event]: ReturnType<Throughline["emitted"]>) => event?.traceparent?.slice(3, 35);

test("a trace goes from an order by EDI to the supplier, and back by the order number of an answer that carries nothing", async () => {
  const [buyer, supplier] = [create("/procurement"), create("/supplier")];
  const registry = createRegistry({ path: join(directory, "registry.ndjson") });
  const mailbox = join(directory, "order.edi");
  await buyer.withStep({ type: "procurement.purchase_order.issued" }, () => {
    writeFileSync(mailbox, injectX12(ORDER).text);
    for (const { keys } of extractX12(ORDER)) registry.remember(keys);
  });
  const [received] = extractX12(readFileSync(mailbox, "utf8"));
  const parent = received?.context;
  await supplier.withStep({ type: "supplier.purchase_order.received", ...(parent && { parent }) }, () => undefined);

  await registry.flush();
  const reopened = createRegistry({ path: join(directory, "registry.ndjson") });
  const [answer] = extractX12(REPLY);
  const origin = answer?.context ?? reopened.find(answer?.answers ?? []);
  const acknowledged = create("/edi");
  await acknowledged.withStep(
    { type: "supplier.acknowledgment.received", ...(origin && { parent: origin }) },
    () => undefined,
  );
  const ids = [buyer, supplier, acknowledged].map((host) => toTraceId(host.emitted()));
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(ids).size).toBe(1);
});

test("a trace goes through a file by its name, and by a side-car with its keys", async () => {
  const [sender, byName, bySideCar] = [create("/erp"), create("/ap"), create("/gl")];
  const outbox = join(directory, "outbox");
  mkdirSync(outbox);
  const objects = [{ type: "purchase_order", id: "4500012345" }] as const;
  const named = await sender.withStep({ type: "erp.invoice.exported", objects }, async () => {
    const path = join(outbox, "invoices.csv");
    writeFileSync(`${path}.part`, "INV-0087;240.00\n");
    await writeSideCar(path, { contentPath: `${path}.part` });
    renameSync(`${path}.part`, path);
    const carrying = injectFileName(join(directory, "invoices.csv"));
    writeFileSync(carrying, "INV-0087;240.00\n");
    return carrying;
  });
  expect(basename(removeFileNameTrace(named))).toBe("invoices.csv");
  const first = extractFileName(named);
  await byName.withStep({ type: "erp.invoice.received", ...(first && { parent: first }) }, () => undefined);
  const second = await readSideCar(join(outbox, "invoices.csv"));
  await bySideCar.withStep({ type: "erp.invoice.received", ...(second && { parent: second }) }, () => undefined);
  const ids = [sender, byName, bySideCar].map((host) => toTraceId(host.emitted()));
  expect(new Set(ids).size).toBe(1);
  expect(second && readObjects(second)).toEqual(objects);
  expect(readFileSync(toSideCarPath(join(outbox, "invoices.csv")), "utf8")).toContain('"sha256"');
});

test("a trace goes through HL7 by a segment of its own, and by MSH-10 where none may be added", async () => {
  const [pharmacy, erp, acknowledged] = [create("/pharmacy"), create("/erp"), create("/interface")];
  const registry = createRegistry();
  const message = await pharmacy.withStep({ type: "pharmacy.dispense.recorded" }, () => {
    registry.remember([extractHl7(DISPENSE).key ?? ""]);
    return injectHl7(DISPENSE).text;
  });
  const parent = extractHl7(message).context;
  await erp.withStep({ type: "erp.stock_movement.posted", ...(parent && { parent }) }, () => undefined);
  const ack = extractHl7("MSH|^~\\&|ERP|GROUP|PHARM|NORTH|20260302101501||ACK^O13|ACK-1|P|2.5\rMSA|AA|MSG-17\r");
  const origin = registry.find([ack.answers ?? ""]);
  await acknowledged.withStep(
    { type: "pharmacy.dispense.acknowledged", ...(origin && { parent: origin }) },
    () => undefined,
  );
  expect(new Set([pharmacy, erp, acknowledged].map((host) => toTraceId(host.emitted()))).size).toBe(1);
});

test("keys that came with a call are on the spans of those who were called, and only types that may be handed on are", async () => {
  const [caller, called] = [create("/procurement"), create("/erp")];
  const headers = await caller.withStep(
    {
      type: "procurement.purchase_order.issued",
      objects: [
        { type: "purchase_order", id: "1" },
        { type: "dispense", id: "token" },
      ],
    },
    () => toHeaders(),
  );
  expect(headers["baggage"]).toBe("throughline.object.purchase_order=1");
  const scope = called.startSpan({ name: "POST /orders", parent: extractHeaders(headers) });
  const step = scope.run(() =>
    called.startStep({ type: "erp.purchase_order.received", objects: [{ type: "purchase_order", id: "2" }] }),
  );
  step.end();
  scope.end();
  const attributes = spans.getFinishedSpans().map((span) => span.attributes["throughline.object.purchase_order"]);
  expect(attributes).toEqual(["1", ["2", "1"], "1"]);
  expect(called.emitted()[0]?.data.objects).toEqual([{ type: "purchase_order", id: "2" }]);
});
