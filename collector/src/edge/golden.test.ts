import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { DOCUMENT_FORMATS } from "@throughline/schemas/pack/document-mapping";
import { createSampleReader, listSamples, readDocuments } from "./documents.fixture.ts";

const GOLDEN = join(import.meta.dirname, "golden");
const formats = DOCUMENT_FORMATS.filter((format) => existsSync(join(GOLDEN, format)));

describe.each(formats)("samples of %s", (format) => {
  const folder = join(GOLDEN, format);
  const samples = listSamples(folder);

  test.each(samples)("%s becomes what its golden file says; UPDATE_GOLDEN=1 writes it anew", async (name) => {
    const result = await readDocuments(
      format,
      readFileSync(join(folder, name)),
      createSampleReader(join(folder, name)),
    );
    const golden = join(folder, `${name}.golden.json`);
    const text = `${JSON.stringify(result, null, 1)}\n`;
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(golden, text);
    expect(text).toBe(readFileSync(golden, "utf8"));
  });
});
