import { describe, expect, test } from "vitest";
import { createShippedMapper, readDocuments, TEST_POLICY } from "../documents.fixture.ts";
import { DOCUMENT_FORMATS } from "@throughline/schemas/pack/document-mapping";
import { parseDocuments } from "../formats/parse-documents.ts";
import { createAllowList } from "./allow-list.ts";
import { PLANTED_DOCUMENTS } from "./planted.fixture.ts";
import { redactDocument } from "./redact-document.ts";
import { IDENTIFIERS } from "./planted-identifiers.fixture.ts";

const samples = DOCUMENT_FORMATS.flatMap((format) => {
  const text = PLANTED_DOCUMENTS[format];
  return text === undefined ? [] : [[format, text] as const];
});

const planted = Object.values(IDENTIFIERS).flat();

function findIn(value: unknown): string[] {
  const whole = JSON.stringify(value).toLowerCase();
  return planted.filter((one) => whole.includes(one.toLowerCase()));
}

/** The 18 kinds of identifiers of 45 CFR 164.514(b)(2), each planted wherever its format has room for it. */
describe.each(samples)("a document of %s that is full of identifiers", (format, text) => {
  test("lets none of them leave", async () => {
    expect(planted.filter((value) => !text.includes(value))).toEqual([]);
    const left = await readDocuments(format, Buffer.from(text), { mapper: createShippedMapper() });
    expect(left.documents.flatMap(({ events }) => events)).not.toEqual([]);
    expect(findIn(left)).toEqual([]);
  });

  test("keeps none of them within a mapping's reach", async () => {
    const allowed = createAllowList(format, []);
    for await (const { document } of parseDocuments(format, [Buffer.from(text)]))
      expect(document && findIn(redactDocument(document, allowed, TEST_POLICY).document.root)).toEqual([]);
  });
});
