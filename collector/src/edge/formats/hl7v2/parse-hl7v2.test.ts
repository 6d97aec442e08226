import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FORMAT_LIMITS, type ParsedItem } from "../document.ts";
import { parseHl7v2 } from "./parse-hl7v2.ts";

const header = (control = "1", use = "P") => `MSH|^~\\&|A|north|B|hq|20260302||RDS^O13|${control}|${use}|2.5`;
const message = (...segments: string[]) => [header(), ...segments, ""].join("\r");

async function parse(text: string | Uint8Array, limits = FORMAT_LIMITS): Promise<ParsedItem[]> {
  return Array.fromAsync(parseHl7v2([typeof text === "string" ? Buffer.from(text) : text], limits));
}

function namesOf({ document }: ParsedItem): string[] {
  return document?.root.children.map(({ name, children }) => `${name}:${children.length}`) ?? [];
}

test.each([
  ["CR", "\r"],
  ["LF", "\n"],
  ["CR LF", "\r\n"],
])("segments that end with %s are told apart and lie in their orders", async (...[, end]) => {
  const segments = ["PID|1", "ORC|NW", "RXO|1", "RXD|1", "NTE|1", "RXD|2", "ORC|NW"];
  const [item] = await parse([header(), ...segments].join(end));
  expect(item && namesOf(item)).toEqual(["PID:0", "ORC:3", "ORC:0"]);
});

test.each(["P", "T", "D", ""])("use %j is production or not", async (use) => {
  const [item] = await parse(header("1", use));
  expect(item?.document?.isTest).toBe(use !== "P");
});

describe("separators", () => {
  test.each([
    ["a letter", "MSHX^~\\&XA"],
    ["a blank", "MSH ^~\\& A"],
    ["one sign for two", "MSH|^^\\&|A"],
    ["the field's again", "MSH^^~\\&^A"],
    ["digits", "MSH|123|A"],
    ["too many", "MSH|^~\\&#!|A"],
  ])("%s are refused, and the next message is read", async (...[, hostile]) => {
    const items = await parse(`${hostile}\rORC|NW\r${message("ORC|NW")}`);
    expect(items.map(({ document, findings }) => [document?.kind, findings.map(({ code }) => code)])).toEqual([
      [undefined, ["bad_delimiter"]],
      ["RDS^O13", []],
    ]);
  });

  test("those that are not given have their usual signs", async () => {
    const [item] = await parse("MSH|^|A|B|C|D|20260302||RDS^O13|1|P");
    expect(item?.document?.separators).toEqual({
      element: "|",
      component: "^",
      repetition: "~",
      escape: "\\",
      subcomponent: "&",
    });
  });
});

describe("bounds", () => {
  test("a segment beyond the limit is left out, the rest of the message is read", async () => {
    const [item] = await parse(message(`OBX|${"x".repeat(500)}`, "ORC|NW"), { ...FORMAT_LIMITS, segment: 100 });
    expect(item && namesOf(item)).toEqual(["ORC:0"]);
    expect(item?.findings.map(({ code }) => code)).toEqual(["document_too_large"]);
  });

  test("a message with too many segments is refused, the next one is read", async () => {
    const items = await parse(message(...Array.from({ length: 20 }, () => "NTE|1")) + message("ORC|NW"), {
      ...FORMAT_LIMITS,
      nodes: 10,
    });
    expect(items.map(({ document }) => document?.kind)).toEqual([undefined, "RDS^O13"]);
  });
});

test("where a stream is cut changes nothing, and each byte offset is where the message begins", async () => {
  const bytes = Buffer.from(`\u{FEFF}cover\n${message("ORC|é€", "RXD|1")}\x1c\r\x0b${message("ORC|NW", "no segment")}`);
  const whole = await parse(bytes);
  const starts = whole
    .filter(({ document }) => document)
    .map(({ position: { byteOffset } }) => bytes.toString("utf8", byteOffset, byteOffset + 4));
  expect(starts).toEqual(["MSH|", "MSH|"]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 30 }), async (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
      expect(await Array.fromAsync(parseHl7v2(chunks))).toEqual(whole);
    }),
  );
});

test("no text makes it fail or hang", async () => {
  const piece = fc.constantFrom(
    header(),
    "MSH",
    "|",
    "^",
    "\\X41\\",
    "\\",
    "~",
    "&",
    "\r",
    "\n",
    "ORC|NW",
    "BHS|^~\\&",
    "BTS|1",
    "\x0b",
    "\x1c",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), async (pieces) => {
      expect((await parse(pieces.join(""))).length).toBeLessThan(200);
    }),
    { numRuns: 300 },
  );
});
