import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { TRACEPARENT, anyTrace, toContext, toIds } from "./carrier.fixture.ts";
import { extractHl7, injectHl7 } from "./hl7.ts";

const CORPUS = process.env["THROUGHLINE_CORPUS"] ?? join(import.meta.dirname, "../../../../shared/data");
const dispense =
  "MSH|^~\\&|PHARM|NORTH|ERP|GROUP|20260302101500||RDS^O13|MSG-17|P|2.5\rPID|1||123\rRXD|1|00093415573\r";

test("a trace comes out of a message as it went in, framed or not, and once", () => {
  const frames = fc.constantFrom(["", ""], ["\u000b", "\u001c\r"], ["\u{FEFF}", "\n"]);
  fc.assert(
    fc.property(
      fc.tuple(anyTrace, anyTrace),
      frames,
      fc.constantFrom("\r", "\n", "\r\n"),
      ([one, two], [open, close], separator) => {
        const given = `${open}${dispense.trimEnd().replaceAll("\r", separator)}${close}`;
        const { text, stamped } = injectHl7(injectHl7(given, one).text, two);
        expect(stamped).toBe(1);
        expect(toIds(extractHl7(text).context)).toBe(toIds(two));
        expect(text.match(/ZTP/g)).toHaveLength(1);
        expect(text.startsWith(open ?? "")).toBe(true);
        expect(text.endsWith(close === "" ? separator : (close ?? ""))).toBe(true);
      },
    ),
  );
});

test("adds the segment at the end", () => {
  expect(injectHl7(dispense, toContext()).text).toBe(`${dispense}ZTP|${TRACEPARENT}\r`);
});

test("names a message, and its acknowledgment names the same", () => {
  const ack = "MSH|^~\\&|ERP|GROUP|PHARM|NORTH|20260302101501||ACK^O13|ACK-1|P|2.5\rMSA|AA|MSG-17\r";
  expect(extractHl7(dispense)).toEqual({ context: undefined, key: "hl7:PHARM/NORTH/MSG-17", answers: undefined });
  expect(extractHl7(ack)).toMatchObject({ key: "hl7:ERP/GROUP/ACK-1", answers: "hl7:PHARM/NORTH/MSG-17" });
});

test.each([
  ["no message", "hello"],
  ["an empty text", ""],
  ["a separator that would part it", dispense.replaceAll("|", "-")],
  ["a batch", `${dispense}${dispense}`],
])("leaves %s as it is", (_, given) => {
  expect(injectHl7(given, toContext())).toEqual({ text: given, stamped: 0 });
  expect(injectHl7(dispense, ROOT_CONTEXT)).toEqual({ text: dispense, stamped: 0 });
});

test("takes any text, in linear time, and a segment that carries no trace carries nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (noise) => {
      expect(extractHl7(noise).context).toBeUndefined();
      expect(extractHl7(`${dispense}ZTP|${noise}`).context).toBeUndefined();
      expect(injectHl7(`${noise}MSH`, toContext()).stamped).toBe(0);
    }),
  );
  const hostile = `MSH|^~\\&|${" \r".repeat(500_000)}x`;
  const began = performance.now();
  extractHl7(hostile);
  expect(performance.now() - began).toBeLessThan(2000);
});

test.skipIf(!existsSync(join(CORPUS, "hl7v2")))(
  "messages of other makers keep every segment (skipped without the reference data)",
  () => {
    const files = globSync("hl7v2/*.hl7", { cwd: CORPUS });
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const given = readFileSync(join(CORPUS, file), "utf8");
      const { text, stamped } = injectHl7(given, toContext());
      expect([file, stamped]).toEqual([file, 1]);
      expect(toIds(extractHl7(text).context)).toBe(toIds(toContext()));
      expect(text.replace(/[\r\n]*ZTP\|[^\r\n]*/, "").trim()).toBe(given.trim());
    }
  },
);
