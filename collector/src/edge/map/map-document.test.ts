import { expect, test } from "vitest";
import { createShippedMapper, readDocuments } from "../documents.fixture.ts";

const mapper = createShippedMapper();

function writeOrder(lines: number): string {
  const head =
    "ISA*00*          *00*          *ZZ*NORTHMED       *ZZ*CARDINALHLTH   *260302*0914*U*00401*000000317*0*P*>~GS*PO*A*B*20260302*0914*4*X*004010~";
  return `${head}ST*850*0001~BEG*00*SA*45**20260302~${"PO1*1*1*EA~".repeat(lines)}SE*${lines + 3}*0001~GE*1*4~IEA*1*000000317~`;
}

test("a document that would become more events than can be held is refused as a whole", async () => {
  const { documents } = await readDocuments("x12", Buffer.from(writeOrder(50_001)), { mapper });
  expect(documents.map(({ events, unmapped }) => [events.length, unmapped])).toEqual([
    [0, [{ code: "refused", reason: "it would become more than 50000 events" }]],
  ]);
});

test("of a component of HL7 v2 that has parts, the first counts", async () => {
  const text = [
    "MSH|^~\\&|PHARM|north|||20260302091407||RDS^O13|M1|P|2.8",
    "PV1|1|I|ICU-2&9.8&ISO^R12",
    "ORC|NW||FIL-7",
    "RXD|1|0093-4155-73^X^NDC|20260302|2|TAB",
  ].join("\r");
  const { documents } = await readDocuments("hl7v2", Buffer.from(text), { mapper });
  expect(documents[0]?.events[0]?.data).toMatchObject({
    objects: [{ type: "dispense" }, { type: "item" }, { type: "location", id: "north/ICU-2" }],
  });
});

test.each(["004010", "005010X222A1"])("of X12 in %s an event names the version", async (version) => {
  const text = writeOrder(1).replace("X*004010~", `X*${version}~`);
  const { documents } = await readDocuments("x12", Buffer.from(text), { mapper });
  expect(documents[0]?.events[0]?.dataschema).toBe(`urn:x12:850/${version.slice(0, 6)}`);
});

test("a document without a version names none", async () => {
  const text = writeOrder(1).replace("X*004010~", "X*~");
  const { documents } = await readDocuments("x12", Buffer.from(text), { mapper });
  expect(documents[0]?.events).toHaveLength(1);
  expect(documents[0]?.events[0]).not.toHaveProperty("dataschema");
});
