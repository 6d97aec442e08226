import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createShippedMapper, findCorpus, listFiles, readDocuments } from "./documents.fixture.ts";
import { normalizeNdc } from "./map/normalize-ndc.ts";

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
    const { documents, findings } = await readDocuments("x12", readFileSync(join(folder, name)), {
      mapper: createShippedMapper(),
    });
    expect(findings.filter(({ code }) => !code.endsWith("_mismatch"))).toEqual([]);
    expect(documents).not.toEqual([]);
    const reasons = documents.map(({ kind, events, unmapped }) => {
      if (unmapped.some(({ code }) => code === "test")) return "test";
      return events.length > 0 || UNMAPPED.has(kind) ? "as expected" : `${kind} became nothing`;
    });
    expect(reasons.filter((reason) => reason !== "test" && reason !== "as expected")).toEqual([]);
  });
});

describe("HL7 v2 files of others", () => {
  const folder = join(CORPUS, "hl7v2");
  const endings = [".hl7", ".txt"];
  /** Files without a production message of a pharmacy: other departments, tests, and no messages at all. */
  const SILENT = /^(ADT|ORM|hapi)/;

  test.skipIf(missing("hl7v2") !== "")(`are all found${missing("hl7v2")}`, () => {
    expect(listFiles(folder, endings).length).toBeGreaterThan(15);
  });

  test.each(listFiles(folder, endings))("%s becomes events, or is refused for a reason", async (name) => {
    const { documents, findings } = await readDocuments("hl7v2", readFileSync(join(folder, name)), {
      mapper: createShippedMapper(),
    });
    const events = documents.flatMap((document) => document.events);
    expect(events.length > 0).toBe(!SILENT.test(name));
    expect(documents.filter((document) => document.events.length === 0 && document.unmapped.length === 0)).toEqual([]);
    const isMessage = /MSH/.test(readFileSync(join(folder, name), "utf8").slice(0, 10));
    const codes = new Set(findings.map(({ code }) => code));
    expect([...codes].filter((code) => code !== "malformed" && code !== "duplicate_control")).toEqual(
      isMessage ? [] : [...codes],
    );
    expect(documents.length > 0).toBe(isMessage);
    const left = JSON.stringify({ documents, findings });
    for (const known of ["EVERYMAN", "PATID1234", "123456789", "Hospital Lane", "SMITH", "19241012"])
      expect(left).not.toContain(known);
  });
});

describe("NDC forms of others", () => {
  const path = join(CORPUS, "ndc");
  const forms = z.object({ normalize11: z.tuple([z.string(), z.string()]).array() });

  test.skipIf(missing("ndc") !== "")(`become their eleven digits; what is none stays${missing("ndc")}`, () => {
    const [file = ""] = listFiles(path, [".json"]);
    const { normalize11 } = forms.parse(JSON.parse(readFileSync(join(path, file), "utf8")));
    expect(normalize11.map(([written]) => normalizeNdc(written))).toEqual(
      normalize11.map(([written, expected]) => (expected === "" ? written : expected)),
    );
  });
});

describe.each([
  ["ubl", "ubl/order", [".xml"], 11],
  ["ubl", "ubl/despatch", [".xml"], 5],
  ["cxml", "cxml", [".xml"], 2],
  ["epcis", "epcis/json", [".jsonld", ".json"], 40],
] as const)("%s files of others in %s", (...[format, folder, endings, count]) => {
  const path = join(CORPUS, folder);

  test.skipIf(missing(folder) !== "")(`are all found${missing(folder)}`, () => {
    expect(listFiles(path, endings).length).toBeGreaterThanOrEqual(count);
  });

  test.each(listFiles(path, endings))("%s becomes events, or is refused for a reason", async (name) => {
    const { documents, findings } = await readDocuments(format, readFileSync(join(path, name)), {
      mapper: createShippedMapper(),
    });
    expect(findings).toEqual([]);
    expect(documents).not.toEqual([]);
    const silent = documents.filter(
      ({ events, unmapped }) => events.length === 0 && unmapped.every(({ code }) => code !== "test"),
    );
    expect(silent.map(({ unmapped }) => unmapped)).toEqual([]);
  });
});

describe("FHIR files of others", () => {
  const folder = "hl7v2/expected-fhir";

  test.skipIf(missing(folder) !== "")(`are all found${missing(folder)}`, () => {
    expect(listFiles(join(CORPUS, folder), [".json"]).length).toBeGreaterThan(0);
  });

  test.each(listFiles(join(CORPUS, folder), [".json"]))(
    "%s has a document for each entry, and nobody's name leaves",
    async (name) => {
      const bytes = readFileSync(join(CORPUS, folder, name));
      const { documents, findings } = await readDocuments("fhir", bytes, { mapper: createShippedMapper() });
      const entries = z
        .object({ entry: z.unknown().array() })
        .parse(JSON.parse(bytes.toString().replace(/^\u{FEFF}/u, ""))).entry;
      expect([documents.length, findings]).toEqual([entries.length, []]);
      for (const known of ["EVERYMAN", "PATID1234", "Hospital Lane"])
        expect(JSON.stringify(documents)).not.toContain(known);
    },
  );
});
