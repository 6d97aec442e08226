import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TRACEPARENT, anyTrace, toContext, toIds } from "./carrier.fixture.ts";
import { extractX12, injectX12 } from "./x12.ts";

const CORPUS = process.env["THROUGHLINE_CORPUS"] ?? join(import.meta.dirname, "../../../../shared/data");
const isa = (element: string, component: string, end: string) =>
  [
    "ISA",
    "00",
    " ".repeat(10),
    "00",
    " ".repeat(10),
    "ZZ",
    "NORTHMED".padEnd(15),
    "ZZ",
    "MERIDIAN".padEnd(15),
    "260302",
    "1015",
    "U",
    "00401",
    "000000017",
    "0",
    "P",
    component,
  ].join(element) + end;

function toInterchange(
  transactions: readonly string[][],
  { element = "*", end = "~\n", component = ">" } = {},
): string {
  const lines = transactions.flatMap((segments, index) => {
    const control = String(index + 1).padStart(4, "0");
    const [set = "", ...rest] = segments;
    return [`ST*${set}*${control}`, ...rest, `SE*${rest.length + 2}*${control}`];
  });
  const all = ["GS*PO*NORTHMED*MERIDIAN*20260302*1015*17*X*004010", ...lines, "GE*1*17", "IEA*1*000000017"];
  return isa(element, component, end) + all.map((line) => line.replaceAll("*", element) + end).join("");
}

const order = [
  "850",
  "BEG*00*SA*4500012345**20260302",
  "CUR*BY*USD",
  "REF*DP*12",
  "PO1*1*10*CS*24.00**ND*00093415573",
  "CTT*1",
];
const notice = ["856", "BSN*00*S1*20260302*1015", "HL*1**S", "TD5**2*UPS", "REF*BM*77", "HL*2*1*O", "PRF*4500012345"];
const invoice = ["810", "BIG*20260305*INV-0087*20260302*4500012345", "TDS*24000"];

test("stamps an order among its references, and counts the segment", () => {
  const { text, stamped } = injectX12(toInterchange([order]), { from: toContext() });
  expect(stamped).toBe(1);
  expect(text.split("~\n").slice(2, 9)).toEqual([
    "ST*850*0001",
    "BEG*00*SA*4500012345**20260302",
    "CUR*BY*USD",
    "REF*DP*12",
    `REF*ZZ*TRACEPARENT*${TRACEPARENT.toUpperCase()}`,
    "PO1*1*10*CS*24.00**ND*00093415573",
    "CTT*1",
  ]);
  expect(text).toContain("SE*8*0001~");
});

test("stamps a ship notice in its first level", () => {
  const { text } = injectX12(toInterchange([notice]), { from: toContext() });
  expect(text).toContain(`REF*BM*77~\nREF*ZZ*TRACEPARENT*${TRACEPARENT.toUpperCase()}~\nHL*2*1*O`);
});

test("each transaction can have a trace of its own, and is found again by it", () => {
  const anyEnd = fc.constantFrom("~", "~\r\n", "'", "\n");
  const anyElement = fc.constantFrom("*", "|", "\u001D", "+");
  fc.assert(
    fc.property(anyTrace, anyTrace, fc.record({ end: anyEnd, element: anyElement }), (one, two, delimiters) => {
      const text = toInterchange([order, invoice, ["997", "AK1*PO*17"]], delimiters);
      const stamped = injectX12(text, { from: ({ set }) => (set === "850" ? one : two) });
      expect(stamped.stamped).toBe(2);
      const found = extractX12(stamped.text);
      expect(found.map(({ set, context }) => [set, toIds(context)])).toEqual([
        ["850", toIds(one)],
        ["810", toIds(two)],
        ["997", undefined],
      ]);
      expect(injectX12(stamped.text, { from: ({ set }) => (set === "850" ? one : two) }).text).toBe(stamped.text);
    }),
  );
});

test("names an order, its group and itself, and what answers them names the same", () => {
  const [sent] = extractX12(toInterchange([order]));
  expect(sent?.keys).toEqual([
    "x12:NORTHMED/MERIDIAN/PO/17",
    "x12:NORTHMED/MERIDIAN/PO/17/0001",
    "x12:NORTHMED/order/4500012345",
  ]);
  const reply = (segments: string[]) =>
    extractX12(toInterchange([segments]).replace("GS*PO*NORTHMED*MERIDIAN", "GS*PR*MERIDIAN*NORTHMED"))[0]?.answers;
  expect(reply(["855", "BAK*00*AC*4500012345*20260302"])).toEqual(["x12:NORTHMED/order/4500012345"]);
  expect(reply(invoice)).toEqual(["x12:NORTHMED/order/4500012345"]);
  expect(reply(notice)).toEqual(["x12:NORTHMED/order/4500012345"]);
  expect(reply(["997", "AK1*PO*17", "AK2*850*0001", "AK5*A", "AK9*A*1*1*1"])).toEqual([
    "x12:NORTHMED/MERIDIAN/PO/17/0001",
    "x12:NORTHMED/MERIDIAN/PO/17",
  ]);
});

describe("leaves as it is", () => {
  const text = toInterchange([order]);
  test.each([
    ["no interchange", "hello", {}],
    ["an empty text", "", {}],
    ["a cut header", text.slice(0, 90), {}],
    ["a transaction that does not end", text.slice(0, text.indexOf("SE*")), {}],
    ["a delimiter that would part the reference", text.replaceAll("*", "-"), {}],
    ["a set that has no place for it", toInterchange([["997", "AK1*PO*17"]]), {}],
    ["a qualifier that is none", text, { qualifier: "Z*Z~" }],
    ["a text outside of a trace", text, { from: ROOT_CONTEXT }],
    [
      "a host's function that fails",
      text,
      {
        from: () => {
          throw new Error("none");
        },
      },
    ],
  ])("%s", (_, given, options) => {
    expect(injectX12(given, { from: toContext(), ...options })).toEqual({ text: given, stamped: 0 });
  });
});

test("takes any text, and a reference that is none carries nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (noise, reference) => {
      expect(extractX12(noise)).toEqual([]);
      const text = toInterchange([[...order.slice(0, 2), `REF*ZZ*TRACEPARENT*${reference.replaceAll(/[*~]/g, "")}`]]);
      expect(extractX12(text)[0]?.context).toBeUndefined();
    }),
  );
});

test.skipIf(!existsSync(join(CORPUS, "x12")))(
  "documents of other makers keep every byte but the reference and its count (skipped without the reference data)",
  () => {
    let stampedInAll = 0;
    for (const file of globSync("x12/**/*.txt", { cwd: CORPUS })) {
      const given = readFileSync(join(CORPUS, file), "utf8");
      const { text, stamped } = injectX12(given, { from: toContext() });
      stampedInAll += stamped;
      expect(extractX12(text).filter(({ context }) => context !== undefined)).toHaveLength(stamped);
      const without = text.replaceAll(/REF[^\w-]ZZ[^\w-]TRACEPARENT[^\w-]00-[0-9A-F-]*[^\w-]\s*/g, "");
      const flatten = (body: string) => body.replaceAll(/SE[^\w\s-](\d+)/g, "SE").replaceAll(/\s+/g, "");
      expect([file, flatten(without)]).toEqual([file, flatten(given)]);
    }
    expect(stampedInAll).toBeGreaterThan(5);
  },
);
