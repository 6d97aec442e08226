import { describe, expect, test } from "vitest";
import { createShippedMapper, readDocuments } from "../documents.fixture.ts";
import { DOCUMENT_FORMATS } from "@throughline/schemas/pack/document-mapping";
import { PLANTED_DOCUMENTS } from "./planted.fixture.ts";
import { IDENTIFIERS } from "./planted-identifiers.fixture.ts";

const samples = DOCUMENT_FORMATS.flatMap((format) => {
  const text = PLANTED_DOCUMENTS[format];
  return text === undefined ? [] : [[format, text] as const];
});

const planted = Object.values(IDENTIFIERS).flat();

/** The 18 kinds of identifiers of 45 CFR 164.514(b)(2), each planted wherever its format has room for it. */
describe.each(samples)("a document of %s that is full of identifiers", (format, text) => {
  test("lets none of them leave", async () => {
    expect(planted.filter((value) => !text.includes(value))).toEqual([]);
    const left = await readDocuments(format, Buffer.from(text), createShippedMapper());
    expect(left.documents.flatMap(({ events }) => events)).not.toEqual([]);
    const whole = JSON.stringify(left).toLowerCase();
    expect(planted.filter((value) => whole.includes(value.toLowerCase()))).toEqual([]);
  });
});
