import type { Event } from "@throughline/schemas/event";
import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { expect, test } from "vitest";
import { readDocuments, TEST_POLICY } from "../../../../collector/src/edge/documents.fixture.ts";
import { createDocumentMapper } from "../../../../collector/src/edge/map/document-mapper.ts";
import { DAY, HOUR } from "../../demand.ts";
import { generateTrade } from "../../generate-trade.ts";
import { NO_FAULTS } from "../../truth.ts";
import { loadEdgePack } from "../load-network-pack.ts";
import { SYSTEMS, type Utterance } from "../systems.ts";
import { toTold } from "./told.ts";

const FROM = Date.parse("2026-03-16T12:00:00Z");
const mapper = createDocumentMapper(loadEdgePack(), TEST_POLICY);
const trade = { seed: 9, from: FROM, to: FROM + 2 * DAY, hospitals: 2, suppliers: 3, items: 60, faults: NO_FAULTS };
const events = [...generateTrade({ ...trade, tracedShare: 0, heartbeatEveryMs: HOUR })].flatMap((dispatch) =>
  dispatch.kind === "event" ? [dispatch.event] : [],
);

/** What a system writes of the trade, read again as an edge reads it. */
async function readBack(id: string): Promise<{ written: Utterance[]; read: Event[] }> {
  const system = SYSTEMS.find((each) => each.id === id);
  if (system === undefined) throw new Error(`no system ${id}`);
  const written = system.write(events.map(toTold));
  const read: Event[] = [];
  for (const { format, text } of written)
    if (format !== "sdk" && format !== "job") read.push(...(await map(format, text)));
  return { written, read };
}

async function map(format: DocumentFormat, text: string): Promise<Event[]> {
  const { documents, findings } = await readDocuments(format, Buffer.from(text), { mapper });
  expect(findings).toEqual([]);
  expect(documents.flatMap(({ unmapped }) => unmapped)).toEqual([]);
  return documents.flatMap((document) => document.events);
}

/** Type, the ids of a type of object, and the quantity of each event, in any order. */
function toFacts(of: readonly Event[], types: readonly string[], object: string): string[] {
  return of
    .filter(({ type }) => types.includes(type))
    .map((event) => {
      const told = toTold(event);
      return [told.type, told.idOf(object), Number(told.quantity.value)].join(" ");
    })
    .toSorted();
}

test.each([
  ["procurement", "purchase_order_line", ["procurement.purchase_order.issued"]],
  [
    "suppliers",
    "purchase_order_line",
    ["supplier.purchase_order.acknowledged", "supplier.shipment.notified", "erp.invoice.received"],
  ],
  ["dock", "shipment", ["receiving.shipment.arrived"]],
  ["erp", "purchase_order_line", ["erp.goods_receipt.posted", "erp.invoice.matched", "erp.invoice.posted"]],
  ["cabinets", "item", ["pharmacy.dispense.recorded"]],
] as const)("what %s writes is read as what happened", async (id, object, types) => {
  const { read } = await readBack(id);
  const facts = toFacts(events, types, object);
  expect(facts.length).toBeGreaterThan(10);
  expect(toFacts(read, types, object)).toEqual(facts);
});

test("a 997 names the message of the order that it accepts", async () => {
  const [orders, answers] = [await readBack("procurement"), await readBack("suppliers")];
  const messages = new Set(
    orders.read.flatMap(({ data }) => (typeof data === "object" ? (data?.objects ?? []) : []).map(({ id }) => id)),
  );
  const accepted = answers.read.filter(({ type }) => type === "supplier.message.accepted");
  expect(accepted.length).toBeGreaterThan(3);
  expect(accepted.filter((event) => !messages.has(toTold(event).idOf("message")))).toEqual([]);
});

test("nothing of a patient is left of what cabinets say", async () => {
  const { written, read } = await readBack("cabinets");
  expect(written.some(({ text }) => text.includes("DOE"))).toBe(true);
  expect(JSON.stringify(read)).not.toMatch(/DOE|MRN000000|19480229/);
});

test("every kind of the trade's documents has a system that writes it", () => {
  const formats = new Set(SYSTEMS.flatMap((system) => system.write(events.map(toTold)).map(({ format }) => format)));
  expect([...formats].toSorted()).toEqual(["epcis", "hl7v2", "idoc", "job", "json", "sdk", "x12"]);
});
