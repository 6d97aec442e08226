import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { PLANTED_SAMPLES } from "../edge/redact/planted.fixture.ts";
import { IDENTIFIERS } from "../edge/redact/planted-identifiers.fixture.ts";
import { startTestGateway, type TestGateway } from "./gateway.fixture.ts";

const ROOT = join(import.meta.dirname, "../../..");
const MAPPINGS = join(ROOT, "config/documents");
const GOLDEN = join(ROOT, "collector/src/edge/golden");
const read = parseDocumentPack(
  readdirSync(MAPPINGS).map((name) => ({
    path: `documents/${name}`,
    text: readFileSync(join(MAPPINGS, name), "utf8"),
  })),
);
const pack = read.ok ? read.pack : { mappings: [], crosswalks: [] };

let tower: TestGateway;

beforeAll(async () => {
  tower = await startTestGateway({ documents: { pack, patientFormats: ["fhir"] } });
});
afterAll(() => tower.stop());

const sample = (path: string) => new Uint8Array(readFileSync(join(GOLDEN, path)));

async function post(path: string, format: string, headers: Record<string, string> = {}) {
  const response = await tower.send("/v1/documents", sample(path), { "throughline-format": format, ...headers });
  const body = z.record(z.string(), z.unknown()).parse(await response.json());
  return { status: response.status, body };
}

describe("documents that are sent to the gateway", () => {
  test("become events, with the same ids when they are sent again", async () => {
    const expected = { status: 202, body: { accepted: 3, documents: 1, findings: [] } };
    expect(await post("x12/850.edi", "x12")).toMatchObject(expected);
    expect(await post("x12/850.edi", "x12")).toMatchObject(expected);
    const rows = await tower.query<{ id: string; type: string; count: number }>(
      "SELECT id, type, count() AS count FROM throughline.events WHERE source = '/edi/NORTHMED' GROUP BY id, type ORDER BY id",
    );
    expect(rows.map(({ type, count }) => [type, count])).toEqual(
      Array.from({ length: 3 }, () => ["procurement.purchase_order.issued", 2]),
    );
  });

  test("say what was found, and count tests that became nothing", async () => {
    expect(await post("x12/850-test.edi", "x12")).toMatchObject({ status: 202, body: { accepted: 0, tests: 1 } });
    expect(await post("x12/856.edi", "x12")).toMatchObject({
      status: 202,
      body: { accepted: 2, findings: [{ code: "unknown_parent", place: "HL 5" }] },
    });
  });

  test("are refused one by one, and named in quarantine without a byte of them", async () => {
    const { status, body } = await post("fhir/bundle.json", "fhir");
    expect(status).toBe(400);
    expect(body).toMatchObject({ documents: 9, errors: [{ path: "/0", message: "no mapping is for its kind" }] });
    const rows = await tower.query<{ bytes: string; issues: string }>(
      "SELECT bytes, issues FROM throughline.quarantine WHERE route = '/v1/documents'",
    );
    expect(rows.map(({ bytes }) => bytes)).toEqual([""]);
  });

  test("take site and source from the request, and the columns of rows from a mapping", async () => {
    const headers = {
      "throughline-mapping": "csv-inventory",
      "throughline-site": "west",
      "throughline-source": "/west/stock",
    };
    expect((await post("csv/latin.csv", "csv", headers)).status).toBe(202);
    expect(await tower.query("SELECT site, type FROM throughline.events WHERE source = '/west/stock'")).toEqual([
      { site: "west", type: "pharmacy.stock.counted" },
    ]);
  });

  test.each([
    ["a format with patient data that is not enabled", "hl7v2", {}, 403],
    ["an unknown format", "edifact", {}, 415],
    ["an unknown mapping", "csv", { "throughline-mapping": "nothing" }, 400],
    ["fixed width without columns", "fixed-width", {}, 400],
    ["what is no document of the format", "ubl", {}, 400],
  ])("are refused for %s", async (...[, format, headers, status]) => {
    expect((await post("hl7v2/rds.hl7", format, headers)).status).toBe(status);
  });

  test("leave nothing of a patient's in the store, whatever was refused", async () => {
    const broken = await tower.send("/v1/documents", "JANE DOE", {
      "throughline-format": "fhir",
      "content-encoding": "gzip",
    });
    expect(broken.status).toBe(400);
    const rows = await tower.query<{ found: number }>(
      "SELECT countIf(position(bytes, 'DOE') > 0 OR position(issues, 'DOE') > 0) AS found FROM throughline.quarantine",
    );
    expect(rows).toEqual([{ found: 0 }]);
  });

  test("full of identifiers leave none of them in answers, events, quarantine or metrics, whole or cut off", async () => {
    const answers: string[] = [];
    for (const { format, text } of PLANTED_SAMPLES)
      for (const part of [text, text.slice(0, text.length / 2)]) {
        const response = await tower.send("/v1/documents", part, { "throughline-format": format });
        answers.push(await response.text());
      }
    const rows = await tower.query("SELECT * FROM throughline.events");
    const quarantined = await tower.query("SELECT * FROM throughline.quarantine");
    const metrics = await (await fetch(`${tower.gateway.url}/metrics`)).text();
    const left = JSON.stringify({ answers, rows, quarantined, metrics }).toLowerCase();
    expect(rows.length).toBeGreaterThan(PLANTED_SAMPLES.length);
    expect(
      Object.values(IDENTIFIERS)
        .flat()
        .filter((value) => left.includes(value.toLowerCase())),
    ).toEqual([]);
  });

  test("are bounded by what their sender may send", async () => {
    const { status, body } = await post("x12/850.edi", "x12", { authorization: "Bearer north" });
    expect([status, body["accepted"]]).toEqual([400, 0]);
  });
});
