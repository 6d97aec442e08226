import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { DOCUMENT_FORMATS, type DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { createShippedMapper, readDocuments } from "../documents.fixture.ts";
import type { ParsedItem } from "./document.ts";
import { parseDocuments, type ParseOptions } from "./parse-documents.ts";

const mapper = createShippedMapper();
const layout: NonNullable<ParseOptions["layout"]> = {
  fixedWidth: { skipLines: 0, fields: [{ name: "item", start: 1, length: 14 }] },
};

async function readAll(format: DocumentFormat, text: string | Uint8Array): Promise<ParsedItem[]> {
  const items: ParsedItem[] = [];
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  for await (const item of parseDocuments(format, [bytes], { layout })) items.push(item);
  return items;
}

const codesOf = (items: readonly ParsedItem[]) => items.flatMap(({ findings }) => findings.map(({ code }) => code));

const ORDER = (number: string) =>
  `ST*850*${number}~BEG*00*SA*45${number}**20260302~PO1*1*10*CS*24.00**VN*V-1~SE*4*${number}~`;
const ISA =
  "ISA*00*          *00*          *ZZ*NORTHMED       *ZZ*CARDINALHLTH   *260302*0914*U*00401*000000317*0*P*>~";
const GS = "GS*PO*NORTHMED*CARDINALHLTH*20260302*0914*4*X*004010~";

describe.each(DOCUMENT_FORMATS)("%s", (format) => {
  test("that is compressed a thousandfold is one finding, and nothing of it is unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(8_000_000, "ISA*00*"));
    expect(bomb.length).toBeLessThan(40_000);
    const items = await readAll(format, bomb);
    expect(items).toEqual([
      {
        position: { byteOffset: 0, ordinal: 0 },
        findings: [{ code: "unsupported", place: "stream", reason: "is gzip; it is not unpacked" }],
      },
    ]);
  });

  test("that is no text, or none at all, becomes no event", async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(10_000), Buffer.from("\u{feff}"), Buffer.alloc(999, 0xff)]) {
      const { documents } = await readDocuments(format, bytes, { mapper, layout });
      expect(documents.flatMap(({ events }) => events)).toEqual([]);
    }
  });
});

describe("XML", () => {
  const laughs = `<!DOCTYPE o [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`;
  const outside = `<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]>`;
  const reference = `<!DOCTYPE o SYSTEM "http://attacker.example/o.dtd">`;

  test.each(["ubl", "cxml", "idoc", "epcis", "fhir"] as const)(
    "of %s never has an entity expanded or fetched",
    async (format) => {
      for (const doctype of [laughs, outside]) {
        const items = await readAll(format, `${doctype}<Order><ID>&x;&b;</ID></Order>`);
        expect(codesOf(items)).toEqual(["entity"]);
        expect(items.flatMap(({ document }) => document ?? [])).toEqual([]);
      }
      expect(codesOf(await readAll(format, `${reference}<Order><ID>&x;</ID></Order>`))).toEqual(["entity"]);
    },
  );

  test("that is deeper than any document is one finding", async () => {
    const items = await readAll("ubl", `<Order>${"<a>".repeat(100_000)}`);
    expect(codesOf(items)).toEqual(["depth"]);
  });
});

describe("HL7 v2", () => {
  const message = (header: string) => `${header}\rORC|NW|1\r`;

  test.each([
    ["a letter", "MSHA^~\\&APHARM", "bad_delimiter"],
    ["the same sign twice", "MSH|^^\\&|PHARM", "bad_delimiter"],
    ["a digit among its signs", "MSH|1~\\&|PHARM", "bad_delimiter"],
    ["a blank", "MSH ^~\\& PHARM", "bad_delimiter"],
  ])("with %s as delimiter is refused; the next message is read", async (_, header, code) => {
    const next = "MSH|^~\\&|PHARM|north|||20260302091407||ORM^O01|M2|P|2.5.1\rORC|NW|2\r";
    const items = await readAll("hl7v2", message(header) + next);
    expect(codesOf(items)).toEqual([code]);
    expect(items.flatMap(({ document }) => document?.kind ?? [])).toEqual(["ORM^O01"]);
  });

  test("with signs of its own that are expressions elsewhere is read as they say", async () => {
    const text = "MSH.*+?(.PHARM.north...20260302091407..ORM*O01.M1.P.2.5\rORC.NW.7\r";
    const [item] = await readAll("hl7v2", text);
    expect(item?.document?.kind).toBe("ORM^O01");
    expect(item?.document?.root.children[0]?.elements).toEqual(["ORC", "NW", "7"]);
  });
});

describe("CSV", () => {
  const file = "site,location,item,on_hand,counted_at\n";
  const row = (item: string) => `north,ICU-2,${item},12,2026-03-02T02:00:00Z\n`;

  test.each(["=cmd|' /C calc'!A0", "@SUM(1+1)", "+cmd", "-2+3+cmd", '"=HYPERLINK(""http://x"")"', "\t=1+1"])(
    "with the formula %s names it, and keeps it out of every event",
    async (cell) => {
      const { documents, findings } = await readDocuments("csv", Buffer.from(file + row(cell) + row("0093-4155-73")), {
        mapper,
      });
      expect(findings.map(({ code }) => code)).toEqual(["formula"]);
      expect(documents.map(({ events }) => events.length)).toEqual([0, 1]);
      expect(JSON.stringify(documents)).not.toMatch(/cmd|HYPERLINK|SUM|1\+1/);
    },
  );

  test.each(["-3", "+4.50", "-1,200.00", "-.5", "-1e3"])("with the number %s reads it", async (number) => {
    const items = await readAll("csv", `item,on_hand\nA,"${number}"\n`);
    expect(items.map(({ document }) => document?.root.children[1]?.text)).toEqual([number]);
  });

  test("in Latin-1 and in UTF-16 is read, and the former is named", async () => {
    const text = file + row("0093-4155-73").replace("ICU-2", "CAFÉ");
    for (const [bytes, codes] of [
      [Buffer.from(text, "latin1"), ["encoding"]],
      [Buffer.from(text, "utf16le"), []],
      [Buffer.from(`\u{feff}${text}`, "utf16le").swap16(), []],
    ] as const) {
      const { documents, findings } = await readDocuments("csv", bytes, { mapper });
      expect(findings.map(({ code }) => code)).toEqual(codes);
      expect(documents[0]?.events[0]?.data).toMatchObject({
        objects: [{ type: "item" }, { type: "location", id: "north/CAFÉ" }],
      });
    }
  });
});

describe("an X12 file", () => {
  test("with a corrupt, a truncated and a repeated set between good ones has a finding for each, and the good ones are read", async () => {
    const bad = "ST*850*0002~BEG*00*SA*450002**20260302~PO1*1*10~";
    const text = `${ISA}${GS}${ORDER("0001")}${bad}${ORDER("0003")}${ORDER("0003")}GARBAGE WITHOUT SENSE~${ORDER("0005")}GE*9*4~IEA*1*000000317~`;
    const items = await readAll("x12", text);
    expect(items.flatMap(({ document }) => document?.control["set"] ?? [])).toEqual(["0001", "0003", "0003", "0005"]);
    expect(codesOf(items)).toEqual(["truncated", "duplicate_control", "junk", "count_mismatch"]);
  });

  test("that holds an interchange of another kind, and ends within a segment, is read as far as it can be", async () => {
    const edifact = "UNB+UNOC:3+NORTH+SUPPLIER+260302:0914+1'UNH+1+ORDERS:D:96A:UN'UNT+2+1'UNZ+1+1'";
    const text = `${ISA}${GS}${ORDER("0001")}GE*1*4~IEA*1*000000317~${edifact}${ISA}${GS}${ORDER("0002")}ST*850*0003~BEG*00*SA`;
    const items = await readAll("x12", text);
    expect(items.flatMap(({ document }) => document?.control["set"] ?? [])).toEqual(["0001", "0002"]);
    expect(codesOf(items)).toEqual([
      "junk",
      "duplicate_control",
      "truncated",
      "truncated",
      "missing_trailer",
      "missing_trailer",
    ]);
  });
});
