import { FIELD_CLASSES, type RedactionCounts } from "@throughline/schemas/way-back/redaction-counts";
import { describe, expect, test } from "vitest";
import { TEST_POLICY } from "../documents.fixture.ts";
import { parseDocuments } from "../formats/parse-documents.ts";
import { createAllowList } from "./allow-list.ts";
import { toFieldClass } from "./field-class.ts";
import { PLANTED_SAMPLES, type PlantedSample } from "./planted.fixture.ts";
import { redactDocument } from "./redact-document.ts";
import { createRedactionTotals } from "./redaction-totals.ts";
import { parseDocumentPack } from "@throughline/schemas/pack/parse-document-pack";

test.each([
  ["hl7v2", "PID.5", "identity"],
  ["hl7v2", "NTE.3", "free_text"],
  ["hl7v2", "OBX.5", "clinical"],
  ["hl7v2", "ZPI.2", "local"],
  ["hl7v2", "RXE.99", "unlisted"],
  ["x12", "N1.2", "identity"],
  ["x12", "MSG.1", "free_text"],
  ["idoc", "E1EDKA1.NAME1", "identity"],
  ["fhir", "subject", "identity"],
  ["fhir", "note.text", "free_text"],
  ["epcis", "ilmd", "local"],
  ["csv", "patient_name", "identity"],
  ["csv", "aisle", "unlisted"],
  ["csv", "other", "unlisted"],
] as const)("of %s, %s is %s", (format, place, expected) => {
  expect(toFieldClass(format, place)).toBe(expected);
});

async function countDropped(sample: PlantedSample): Promise<{ dropped: number; counts: RedactionCounts }> {
  const { format, text, mapping } = sample;
  const parsed =
    mapping === undefined ? undefined : parseDocumentPack([{ path: "documents/rows.yaml", text: mapping }]);
  const layout = parsed?.ok ? parsed.pack.mappings[0] : undefined;
  const totals = createRedactionTotals(format);
  let dropped = 0;
  for await (const { document } of parseDocuments(format, [Buffer.from(text)], layout && { layout })) {
    if (document === undefined) continue;
    const { report } = redactDocument(document, createAllowList(format, []), TEST_POLICY);
    dropped += Object.values(report.dropped).reduce((sum, count) => sum + count, 0);
    totals.add(report);
  }
  return { dropped, counts: totals.read() };
}

describe.each(PLANTED_SAMPLES.map((sample) => [sample.name, sample] as const))(
  "a document of %s that is full of identifiers",
  (_, sample) => {
    test("has each field that was left out in one class, and persons' among them", async () => {
      const { dropped, counts } = await countDropped(sample);
      expect(FIELD_CLASSES.reduce((sum, name) => sum + counts[name], 0)).toBe(dropped);
      // What stands in segments that nobody knows has no names there.
      expect(counts.identity > 0).toBe(sample.name !== "flat IDoc");
    });
  },
);
