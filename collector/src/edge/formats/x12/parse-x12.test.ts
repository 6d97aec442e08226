import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FORMAT_LIMITS, type ParsedItem } from "../document.ts";
import { createControlTracker } from "./control-tracker.ts";
import { parseX12 } from "./parse-x12.ts";

interface Sample {
  isa13?: string;
  iea?: string;
  gs?: string;
  ge?: string;
  se?: string;
  isa15?: string;
  segments?: string[];
}

function write({
  isa13 = "000000001",
  iea,
  gs = "1",
  ge,
  se,
  isa15 = "P",
  segments = ["BEG*00*SA*1"],
}: Sample = {}): string {
  return [
    `ISA*00*          *00*          *ZZ*A              *ZZ*B              *260302*0914*U*00401*${isa13}*0*${isa15}*>`,
    `GS*PO*A*B*20260302*0914*${gs}*X*004010`,
    "ST*850*0001",
    ...segments,
    se ?? `SE*${segments.length + 2}*0001`,
    ge ?? `GE*1*${gs}`,
    iea ?? `IEA*1*${isa13}`,
    "",
  ].join("~");
}

async function parse(text: string | Uint8Array, limits = FORMAT_LIMITS): Promise<ParsedItem[]> {
  return Array.fromAsync(parseX12([typeof text === "string" ? Buffer.from(text) : text], limits));
}

async function findingsOf(text: string): Promise<string[]> {
  return (await parse(text)).flatMap(({ findings }) => findings.map(({ code, place }) => `${code} ${place}`));
}

describe("envelopes", () => {
  test("a sound interchange has no findings", async () => {
    expect(await findingsOf(write())).toEqual([]);
  });

  test.each<[string, string, string[]]>([
    ["a wrong segment count", write({ se: "SE*9*0001" }), ["count_mismatch SE01 of set 0001"]],
    ["a missing segment count", write({ se: "SE**0001" }), ["count_mismatch SE01 of set 0001"]],
    ["another set number", write({ se: "SE*3*0002" }), ["control_mismatch SE02 of set 0001"]],
    ["a wrong set count", write({ ge: "GE*2*1" }), ["count_mismatch GE01 of group 1 of interchange 000000001"]],
    ["another group number", write({ ge: "GE*1*7" }), ["control_mismatch GE02 of group 1 of interchange 000000001"]],
    ["a wrong group count", write({ iea: "IEA*2*000000001" }), ["count_mismatch IEA01 of interchange 000000001"]],
    ["another interchange number", write({ iea: "IEA*1*9" }), ["control_mismatch IEA02 of interchange 000000001"]],
    ["no IEA", write({ iea: "" }), ["missing_trailer interchange 000000001"]],
    ["an interchange twice", write() + write(), ["duplicate_control interchange 000000001"]],
    ["a gap", write() + write({ isa13: "000000004" }), ["control_gap interchange 000000004"]],
    ["no SE", write({ se: "BEG*00" }), ["truncated set 0001"]],
    ["text before", `COVER\n${write()}`, ["junk between interchanges"]],
    ["text behind", `${write()}trailing words~`, ["junk between interchanges"]],
    ["text between", `${write()}words\n${write({ isa13: "000000002" })}`, ["junk between interchanges"]],
    ["a segment of no set", write().replace("ST*850", "NTE**x~ST*850"), ["junk segment NTE"]],
    ["a letter as separator", write().replace("ISA*", "ISAX"), ["bad_delimiter ISA"]],
    ["one sign for two things", write().replace("*>~", "*~~"), ["bad_delimiter ISA"]],
    ["an unknown parent", write({ segments: ["HL*2*1*I"] }), ["unknown_parent HL 2"]],
  ])("%s is reported, and is not fatal", async (...[, text, expected]) => {
    expect(await findingsOf(text)).toEqual(expected);
  });

  test("what a control number says is not shown where it is none", async () => {
    expect(await findingsOf(write({ gs: "JOHN DOE", ge: "GE*2*JOHN DOE" }))).toEqual([
      "count_mismatch GE01 of group ? of interchange 000000001",
    ]);
  });

  test("gaps are found over several streams that share a tracker", async () => {
    const tracker = createControlTracker();
    const codes = [];
    for (const isa13 of ["000000001", "000000003", "000000004", "000000003"])
      for await (const item of parseX12([Buffer.from(write({ isa13 }))], FORMAT_LIMITS, tracker))
        codes.push(...item.findings.map(({ code }) => code));
    expect(codes).toEqual(["control_gap", "duplicate_control"]);
  });

  test("sets with the same number in a group are kept apart by their ordinal", async () => {
    const twice = write().replace("GE*1*1", "ST*850*0001~BEG*00*SA*2~SE*3*0001~GE*2*1");
    expect((await parse(twice)).map(({ document }) => document?.id)).toEqual([
      "A/2603020914/000000001/1/0001",
      undefined,
    ]);
  });

  test("a test interchange is marked, and so is one of any other use than production", async () => {
    for (const isa15 of ["T", "I", ""]) expect((await parse(write({ isa15 })))[0]?.document?.isTest).toBe(true);
    expect((await parse(write()))[0]?.document?.isTest).toBe(false);
  });
});

describe("signs and encodings", () => {
  const segments = ["BEG*00*SA*1", "N1*SE*Ä*92*7"];
  const kinds = async (bytes: Uint8Array) =>
    (await parse(bytes)).map(({ document, findings }) => [
      document?.root.children.map(({ elements }) => elements?.[2]),
      findings.map(({ code }) => code),
    ]);
  const sound = [[["SA", "Ä"], []]];

  test.each<[string, (text: string) => Uint8Array]>([
    ["UTF-8", (text) => Buffer.from(text)],
    ["a byte order mark", (text) => Buffer.from(`\u{FEFF}${text}`)],
    ["UTF-16, little end first", (text) => Buffer.from(`\u{FEFF}${text}`, "utf16le")],
    ["UTF-16, big end first", (text) => Buffer.from(`\u{FEFF}${text}`, "utf16le").swap16()],
    ["UTF-16 without a mark", (text) => Buffer.from(text, "utf16le")],
    ["line feeds between segments", (text) => Buffer.from(text.replaceAll("~", "~\r\n  "))],
    ["a line feed as terminator", (text) => Buffer.from(text.replaceAll("~", "\n"))],
    ["CR as terminator", (text) => Buffer.from(text.replaceAll("~", "\r"))],
    ["CR LF as terminator", (text) => Buffer.from(text.replaceAll("~", "\r\n"))],
    ["other separators", (text) => Buffer.from(text.replaceAll("*", "|").replaceAll("~", "'"))],
    ["an ISA that is not padded", (text) => Buffer.from(text.replaceAll(/ +/g, ""))],
  ])("%s are read", async (...[, encode]) => {
    expect(await kinds(encode(write({ segments })))).toEqual(sound);
  });

  test("Latin-1 is read and reported", async () => {
    expect(await kinds(Buffer.from(write({ segments }), "latin1"))).toEqual([[["SA", "Ä"], ["encoding"]]]);
  });
});

describe("bounds", () => {
  test("a segment that does not end is left, and the next interchange is read", async () => {
    const items = await parse(`${write().slice(0, 120)}${"x".repeat(3000)}${write()}`, {
      ...FORMAT_LIMITS,
      segment: 1000,
    });
    expect(items.map(({ document }) => document?.kind)).toContain("850");
    expect(items.flatMap(({ findings }) => findings.map(({ code }) => code))).toContain("document_too_large");
  });

  test("a set with too many segments is refused, and the next one is read", async () => {
    const text = write({ segments: Array.from({ length: 50 }, () => "PO1*1") }) + write({ isa13: "000000002" });
    const items = await parse(text, { ...FORMAT_LIMITS, nodes: 20 });
    expect(items.map(({ document, findings }) => [document?.kind, findings.map(({ code }) => code)])).toEqual([
      [undefined, ["document_too_large"]],
      ["850", []],
    ]);
  });

  test("findings of a document are counted beyond the limit", async () => {
    const items = await parse(write({ segments: Array.from({ length: 30 }, (_, index) => `HL*${index + 2}*999*I`) }), {
      ...FORMAT_LIMITS,
      findings: 5,
    });
    expect(items[0]?.findings).toHaveLength(5);
    expect(items[0]?.findings.at(-1)?.reason).toContain("25 more");
  });
});

test("where a stream is cut changes nothing, and each byte offset is where the set begins", async () => {
  const text = `\u{FEFF}junk\n${write({ segments: ["BEG*00*SA*ä€"] })}\n${write({ isa13: "000000002" })}${write({ isa13: "000000009", se: "" })}`;
  const bytes = Buffer.from(text);
  const whole = await parse(bytes);
  const starts = whole
    .filter(({ document }) => document)
    .map(({ position }) => bytes.toString("utf8", position.byteOffset, position.byteOffset + 6));
  expect(new Set(starts)).toEqual(new Set(["ST*850"]));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 30 }), async (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
      expect(await Array.fromAsync(parseX12(chunks))).toEqual(whole);
    }),
  );
});

test("no text makes it fail or hang", async () => {
  const piece = fc.constantFrom(
    "ISA",
    "GS",
    "ST*850*1",
    "SE*1*1",
    "*",
    "~",
    "\n",
    "IEA",
    "GE",
    "HL*1**S",
    "x",
    "ISA*00**00**ZZ*A*ZZ*B*2*1*U*4*1*0*P*>~",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(piece, fc.string()), { maxLength: 60 }), async (pieces) => {
      const items = await parse(pieces.join(""));
      expect(items.length).toBeLessThan(300);
    }),
    { numRuns: 300 },
  );
});
