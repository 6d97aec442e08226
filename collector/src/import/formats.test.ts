import { createReadStream, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FileRecord, ObjectDescription, Parser } from "./file-record.ts";
import { createCloudEventsBatchParser, createCloudEventsParser } from "./formats/cloudevents.ts";
import { createCsvParser } from "./formats/csv.ts";
import { createOcelJsonParser } from "./formats/ocel-json.ts";
import { createOcelXmlParser } from "./formats/ocel-xml.ts";
import { createXesParser } from "./formats/xes.ts";
import { FIXTURES, mapFile, openFixture, readMapping } from "./import-file.fixture.ts";
import { openInput } from "./open-input.ts";
import { parseChunks } from "./open-file.ts";

describe("a file becomes the same events as ever", () => {
  test.each([
    ["orders.xes", "orders.yaml", "xes"],
    ["belege.csv", "belege.yaml", "csv"],
    ["table.csv", "purchase.yaml", "csv"],
    ["purchase.jsonocel2.json", "purchase.yaml", "ocel-json"],
    ["purchase.jsonocel1.json", "purchase.yaml", "ocel-json"],
    ["purchase.xmlocel", "purchase.yaml", "ocel-xml"],
    ["tables", "purchase.yaml", "ocel-tables"],
  ])("%s", async (name, mappingName, format) => {
    const mapping = readMapping(join(FIXTURES, mappingName));
    const input = await openFixture(name, { csv: mapping.csv });
    expect(input.format).toBe(format);
    const golden = join(FIXTURES, `${name}.golden.json`);
    await expect(JSON.stringify(await mapFile(input, mapping), null, 2)).toMatchFileSnapshot(golden);
  });

  test("without a mapping, each activity under a type of its own", async () => {
    const input = await openFixture("orders.xes");
    const events = await mapFile(input, readMapping());
    expect(events.map((event) => (typeof event === "string" ? event : event.type)).slice(0, 4)).toEqual([
      "imported.order.create",
      "imported.receipt.record",
      "imported.receipt.record",
      "imported.receipt.cancel",
    ]);
  });

  test("an object-centric log says the same in every notation", async () => {
    const mapping = readMapping(join(FIXTURES, "purchase.yaml"));
    const [json, xml] = await Promise.all(
      ["purchase.jsonocel2.json", "purchase.xmlocel"].map(async (name) => mapFile(await openFixture(name), mapping)),
    );
    const normalize = (events: unknown) =>
      JSON.stringify(events)
        .replaceAll(/"price":(12\.5|"12\.5")/g, '"price":12.5')
        .replaceAll(/"source":"[^"]*"/g, "")
        .replaceAll(/refused: [^"]*/g, "refused");
    expect(normalize(xml)).toBe(normalize(json));
  });
});

const PARSERS: [string, () => Parser<FileRecord | ObjectDescription>][] = [
  ["orders.xes", createXesParser],
  ["belege.csv", () => createCsvParser({ activity: "Vorgang", time: "Zeit" })],
  ["purchase.jsonocel2.json", createOcelJsonParser],
  ["purchase.jsonocel1.json", createOcelJsonParser],
  ["purchase.xmlocel", createOcelXmlParser],
  ["events.ndjson", createCloudEventsParser],
];

describe("wherever a file is cut into pieces", () => {
  test.each(PARSERS)("%s has the same records", async (name, create) => {
    const bytes = readFileSync(join(FIXTURES, name));
    const whole = await collect([bytes], create());
    expect(whole.length).toBeGreaterThan(2);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
        const sorted = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const pieces = sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
        expect(await collect(pieces, create())).toEqual(whole);
      }),
      { numRuns: 40 },
    );
    expect(
      await collect(
        Array.from(bytes, (byte) => Uint8Array.of(byte)),
        create(),
      ),
    ).toEqual(whole);
  });
});

describe("a file", () => {
  let directory = "";
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "throughline-import-"));
  });
  afterAll(() => rm(directory, { recursive: true }));

  const open = async (name: string, content: string | Buffer) => {
    const path = join(directory, name);
    await writeFile(path, content);
    return openInput({ path, keepsObjectAttributes: false }, () => undefined);
  };
  const count = async (name: string, content: string | Buffer) => {
    const input = await open(name, content);
    const kinds: string[] = [];
    for await (const record of input.records(() => undefined)) kinds.push(record.kind);
    return kinds;
  };

  test("has the same digest packed and unpacked", async () => {
    const text = readFileSync(join(FIXTURES, "orders.xes"));
    const plain = await open("a.xes", text);
    const packed = await open("a.xes.gz", gzipSync(text));
    expect(packed.digest).toBe(plain.digest);
    expect([plain.stem, packed.stem]).toEqual(["a", "a"]);
  });

  test("is recognized by its content, whatever its name", async () => {
    const batch = `[${readFileSync(join(FIXTURES, "events.ndjson"), "utf8").split("\n")[0]}]\n`;
    expect((await open("x.dat", batch)).format).toBe("cloudevents-batch");
    expect(await count("x.dat", batch)).toEqual(["event"]);
    expect((await open("y", readFileSync(join(FIXTURES, "events.ndjson")))).format).toBe("cloudevents");
  });

  test("in UTF-16 or an encoding that its declaration names is read", async () => {
    const xes = readFileSync(join(FIXTURES, "orders.xes"), "utf8");
    expect(await count("u16.xes", Buffer.from(`\uFEFF${xes.replace("UTF-8", "UTF-16")}`, "utf16le"))).toHaveLength(8);
    const latin = xes.replace("UTF-8", "ISO-8859-1").replace(" 💊", "");
    const input = await open("latin.xes", Buffer.from(latin, "latin1"));
    const mapping = readMapping(join(FIXTURES, "orders.yaml"));
    expect(JSON.stringify(await mapFile(input, mapping))).toContain("Müller <Söhne>");
  });

  test.each([
    ["cut.xes", readFileSync(join(FIXTURES, "orders.xes"), "utf8").slice(0, 1500), "The file is not well-formed XML"],
    [
      "cut.json",
      readFileSync(join(FIXTURES, "purchase.jsonocel2.json"), "utf8").slice(0, 700),
      "The file ends in the middle",
    ],
    ["wrong.json", '{"events":[{"id":}]}', "The file is not valid JSON"],
    [
      "entity.xes",
      '<!DOCTYPE log [<!ENTITY a "aaaa">]><log xes.version="1.0"><trace><string key="x" value="&a;"/></trace></log>',
      "The file is not well-formed XML",
    ],
    ["deep.xes", `<log>${'<list key="a">'.repeat(200)}`, "nests elements deeper than 100"],
    ["latin.csv", Buffer.from("activity,time\nMüller,2026-01-01T00:00:00Z\n", "latin1"), "The file is not utf-8"],
    [
      "cut.xes.gz",
      gzipSync(readFileSync(join(FIXTURES, "orders.xes"))).subarray(0, 300),
      "is damaged gzip: unexpected end of file",
    ],
    ["html.xes", "<html></html>", "The file is XML with the root <html>"],
    ["other.json", '{"a":1}', "neither OCEL nor CloudEvents"],
    ["text.txt", "hello", "none of XES, OCEL, CloudEvents or CSV"],
    ["log.sqlite", "SQLite format 3\0", "SQLite logs are not read"],
    ["columns.csv", "a,b\n1,2\n", "Which columns hold the activity and its time?"],
    ["twice.csv", "activity,time,time\n", 'two columns called "time"'],
  ])("%s says what is wrong with it", async (name, content, message) => {
    await expect(count(name, content)).rejects.toThrow(message);
  });

  test("that does not exist says so", async () => {
    await expect(
      openInput({ path: join(directory, "none"), keepsObjectAttributes: false }, () => undefined),
    ).rejects.toThrow("There is no file");
    await expect(openInput({ path: directory, keepsObjectAttributes: false }, () => undefined)).rejects.toThrow(
      "event.csv is missing",
    );
  });

  test("of one array of events is read piece by piece", async () => {
    const items = await collect(createReadStream(join(FIXTURES, "table.csv"), { highWaterMark: 7 }), createCsvParser());
    expect(items).toHaveLength(2);
    expect(await collect([Buffer.from("[{},"), Buffer.from("{}] \n")], createCloudEventsBatchParser())).toHaveLength(2);
  });
});

async function collect<Item>(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  parser: Parser<Item>,
): Promise<Item[]> {
  return Array.fromAsync(parseChunks(toAsync(chunks), parser));
}

async function* toAsync(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
