import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { createRandom } from "../../random.ts";
import { expect, test } from "vitest";
import { readDocuments, TEST_POLICY } from "../../../../collector/src/edge/documents.fixture.ts";
import { createDocumentMapper } from "../../../../collector/src/edge/map/document-mapper.ts";
import { loadEdgePack } from "../load-network-pack.ts";
import { playNetwork, readScenario } from "../play-network.fixture.ts";
import { damage } from "./damage.ts";
import { readAcknowledgement, readGoodsMovement, readInvoice, readOrder, readShipNotice } from "./read-documents.ts";

const pack = loadEdgePack();
const mapper = createDocumentMapper(pack, TEST_POLICY);
/** JSON is read by the mapping that its interface names. */
const toJsonMapper = (name: string) =>
  createDocumentMapper({ ...pack, mappings: pack.mappings.filter((each) => each.name === name) }, TEST_POLICY);
const jsonMappers = { notices: toJsonMapper("json-procurement"), postings: toJsonMapper("json-posting") };
const { words } = await playNetwork(readScenario("quiet.yaml"), { seed: 9, hours: 96 });

const isNative = (format: string): format is DocumentFormat => !["sdk", "job", "row"].includes(format);
const toFormat = (format: string): DocumentFormat => (isNative(format) ? format : "json");

interface Fact {
  type: string;
  idOf(type: string): string;
  quantity: number;
}

/** What the tower reads in what a system said. */
async function readBack(is: (text: string) => boolean): Promise<Fact[]> {
  const facts: Fact[] = [];
  for (const { system, format, text } of words) {
    if (format === "sdk" || format === "job" || !is(text)) continue;
    const jsonMapper = system === "procurement-saas" ? jsonMappers.notices : jsonMappers.postings;
    const reader = { mapper: toFormat(format) === "json" ? jsonMapper : mapper };
    const { documents, findings } = await readDocuments(toFormat(format), Buffer.from(text), reader);
    expect(findings).toEqual([]);
    expect(documents.flatMap(({ unmapped }) => unmapped)).toEqual([]);
    for (const { type, data } of documents.flatMap(({ events }) => events)) {
      const { objects = [], measures = {} } = typeof data === "object" && data !== null ? data : {};
      facts.push({
        type,
        idOf: (wanted) => objects.find((object) => object.type === wanted)?.id ?? "",
        quantity: Number(measures["quantity"]?.value),
      });
    }
  }
  return facts;
}

const isSet = (set: string) => (text: string) => text.includes(`~ST*${set}*`);
const textsOf = (is: (text: string) => boolean) => words.map(({ text }) => text).filter(is);

test.each([
  ["850", "procurement.purchase_order.issued", listOrdered],
  ["856", "supplier.shipment.notified", listShipped],
  ["810", "erp.invoice.received", listBilled],
] as const)("the tower reads in an %s what a partner reads", async (set, type, list) => {
  const read = (await readBack(isSet(set))).filter((fact) => fact.type === type);
  const facts = read.map((fact) => `${fact.idOf("purchase_order_line")} ${fact.quantity}`);
  expect(facts.length).toBeGreaterThan(10);
  expect(facts.toSorted()).toEqual(list(textsOf(isSet(set))).toSorted());
});

function listOrdered(texts: readonly string[]): string[] {
  return texts.map(readOrder).flatMap(({ id, lines }) => lines.map(({ number, packs }) => `${id}/${number} ${packs}`));
}

function listShipped(texts: readonly string[]): string[] {
  return texts
    .map(readShipNotice)
    .flatMap(({ order, parcels }) => parcels.map(({ line, packs }) => `${order}/${line} ${packs}`));
}

function listBilled(texts: readonly string[]): string[] {
  return texts
    .map(readInvoice)
    .flatMap(({ lines }) => lines.map(({ orderLine, quantity }) => `${orderLine} ${quantity}`));
}

test("the tower reads the answers of suppliers as eProcurement does", async () => {
  const read = (await readBack(isSet("855"))).map((fact) => fact.idOf("purchase_order_line"));
  const lines = textsOf(isSet("855")).flatMap((text) => readAcknowledgement(text).lines);
  expect(read.length).toBeGreaterThan(10);
  expect(read.toSorted()).toEqual(lines.map(({ orderLine }) => orderLine).toSorted());
});

test("a 997 names the message of the order that it accepts", async () => {
  const orders = (await readBack(isSet("850"))).map((fact) => fact.idOf("purchase_order"));
  const accepted = await readBack(isSet("997"));
  const groups = new Set(
    textsOf(isSet("850")).map(
      (text) => `${readOrder(text).buyer}/${readOrder(text).supplier}/PO/${readOrder(text).group}/0001`,
    ),
  );
  expect(orders.length).toBeGreaterThan(10);
  expect(accepted.length).toBeGreaterThan(3);
  expect(accepted.filter((fact) => !groups.has(fact.idOf("message")))).toEqual([]);
});

test("the tower reads receipts as the pharmacy does, and arrivals by their shipments", async () => {
  const isMovement = (text: string) => text.includes("<MBGMCR02>");
  const posted = (await readBack(isMovement)).filter(({ type }) => type === "erp.goods_receipt.posted");
  const read = textsOf(isMovement)
    .map(readGoodsMovement)
    .map(({ orderLine, packs }) => `${orderLine} ${packs}`);
  expect(posted.length).toBeGreaterThan(10);
  expect(posted.map((fact) => `${fact.idOf("purchase_order_line")} ${fact.quantity}`).toSorted()).toEqual(
    read.toSorted(),
  );
  const arrived = await readBack((text) => text.includes("EPCISDocument"));
  const shipments = new Set(textsOf(isSet("856")).map((text) => readShipNotice(text).shipment));
  expect(arrived.length).toBeGreaterThan(3);
  expect(arrived.filter((fact) => !shipments.has(fact.idOf("shipment")))).toEqual([]);
});

test("the tower reads every kind of row and notice", async () => {
  const types = new Set((await readBack((text) => text.startsWith('[{"event"'))).map(({ type }) => type));
  expect([...types].toSorted()).toEqual([
    "erp.invoice.matched",
    "erp.invoice.posted",
    "erp.journal_entry.posted",
    "erp.posting_batch.closed",
    "erp.stock_movement.valued",
    "procurement.requisition.approved",
    "procurement.requisition.created",
  ]);
});

test("nothing of a patient is left of what cabinets say", async () => {
  const said = textsOf((text) => text.startsWith("MSH"));
  expect(said.some((text) => text.includes("DOE"))).toBe(true);
  const read: unknown[] = [];
  for (const text of said.slice(0, 50))
    read.push((await readDocuments("hl7v2", Buffer.from(text), { mapper })).documents);
  expect(JSON.stringify(read)).toContain("pharmacy.dispense.recorded");
  expect(JSON.stringify(read)).not.toMatch(/DOE|MRN000000|19480229/);
});

test.each(["x12", "hl7v2", "json", "epcis", "idoc"] as const)(
  "a damaged document in %s is nothing that could be taken for a fact",
  async (format) => {
    const random = createRandom(1, format);
    const texts = words.filter((word) => word.format === format).map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(3);
    for (const text of texts.slice(0, 30)) {
      const { documents, findings } = await readDocuments(format, Buffer.from(damage(format, text, random)), {
        mapper,
      });
      expect(documents.flatMap(({ events }) => events)).toEqual([]);
      expect(findings.length + documents.length).toBeGreaterThan(0);
    }
  },
);

test("while a supplier tries a release, its documents name that version, and the tower reads which", async () => {
  const text = `${readScenario("quiet.yaml").replace("faults: []\n", "")}faults:
  - { kind: version-drift, after: PT24H, lasts: PT48H, of: /edi/MERIDIAN }\n`;
  const drifted = await playNetwork(text, { seed: 9, hours: 96 });
  const versions = new Map<string, Set<string>>();
  for (const word of drifted.words) {
    if (word.format !== "x12") continue;
    const { documents, findings } = await readDocuments("x12", Buffer.from(word.text), { mapper });
    expect(findings).toEqual([]);
    for (const { source, type, dataschema } of documents.flatMap(({ events }) => events)) {
      const key = `${source} ${type}`;
      versions.set(key, (versions.get(key) ?? new Set()).add(dataschema?.split("/").at(-1) ?? ""));
    }
  }
  const struck = [...versions].filter(([, own]) => own.has("006020")).map(([key]) => key);
  expect(struck.every((key) => key.startsWith("/edi/MERIDIAN "))).toBe(true);
  expect(struck).toContain("/edi/MERIDIAN supplier.purchase_order.acknowledged");
  expect([...versions.values()].every((own) => own.has("005010"))).toBe(true);
  expect(drifted.faults.map(({ kind, objects }) => `${kind} ${objects[0]?.id}`).toSorted()).toEqual([
    "version-drift supplier-acknowledgements",
    "version-drift supplier-invoices",
    "version-drift supplier-ship-notices",
  ]);
});
