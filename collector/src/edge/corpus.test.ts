import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createShippedMapper, findCorpus, listFiles, readDocuments } from "./documents.fixture.ts";

const CORPUS = findCorpus(process.env["THROUGHLINE_CORPUS"]);
const missing = (folder: string) =>
  existsSync(join(CORPUS, folder)) ? "" : ` (skipped: ${join(CORPUS, folder)} is absent)`;

describe("X12 files of others", () => {
  const folder = join(CORPUS, "x12");
  /** Kinds that no mapping is for: they say nothing that a flow asks for. */
  const UNMAPPED = new Set(["210", "875", "880", "945"]);

  test.skipIf(missing("x12") !== "")(`are all found${missing("x12")}`, () => {
    expect(listFiles(folder, [".txt"]).length).toBeGreaterThan(30);
  });

  test.each(listFiles(folder, [".txt"]))("%s is read whole and maps, or is refused for a reason", async (name) => {
    const { documents, findings } = await readDocuments("x12", readFileSync(join(folder, name)), createShippedMapper());
    expect(findings.filter(({ code }) => !code.endsWith("_mismatch"))).toEqual([]);
    expect(documents).not.toEqual([]);
    const reasons = documents.map(({ kind, events, unmapped }) => {
      if (unmapped.some(({ code }) => code === "test")) return "test";
      return events.length > 0 || UNMAPPED.has(kind) ? "as expected" : `${kind} became nothing`;
    });
    expect(reasons.filter((reason) => reason !== "test" && reason !== "as expected")).toEqual([]);
  });
});
