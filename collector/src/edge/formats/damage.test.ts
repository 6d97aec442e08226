import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DOCUMENT_FORMATS } from "@throughline/schemas/pack/document-mapping";
import { createShippedMapper, readDocuments } from "../documents.fixture.ts";
import { damaged } from "./mutate.fixture.ts";

const GOLDEN = join(import.meta.dirname, "../golden");
const samples = DOCUMENT_FORMATS.filter((format) => existsSync(join(GOLDEN, format))).flatMap((format) =>
  readdirSync(join(GOLDEN, format))
    .filter((name) => !name.endsWith(".golden.json"))
    .map((name) => [format, name] as const),
);

describe("damaged files", () => {
  test.each(samples)("of %s, made from %s, neither fail nor grow", async (format, name) => {
    const mapper = createShippedMapper();
    const bytes = readFileSync(join(GOLDEN, format, name));
    await fc.assert(
      fc.asyncProperty(damaged(bytes), async (broken) => {
        const { documents, findings } = await readDocuments(format, broken, mapper);
        expect(documents.length + findings.length).toBeLessThan(2000);
      }),
      { numRuns: 15 },
    );
  });
});
