import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocuments } from "@throughline/collector/edge/formats/parse-documents";
import { createDocumentMapper } from "@throughline/collector/edge/map/document-mapper";
import { directorySource } from "@throughline/collector/edge/config/directory-source";
import { createLocalFiles } from "@throughline/collector/edge/sources/local-files";
import { createFileScanner } from "@throughline/collector/edge/sources/scan-files";
import { createSourceParts } from "@throughline/collector/edge/sources/source.fixture";
import { injectFileName } from "@throughline/sdk/carriers/file-name";
import { injectHl7 } from "@throughline/sdk/carriers/hl7";
import { writeSideCar } from "@throughline/sdk/carriers/side-car";
import { injectX12 } from "@throughline/sdk/carriers/x12";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadDocumentPack } from "../../commands/pack-files.ts";
import { ROOT } from "../repository/root.ts";

const GOLDEN = join(ROOT, "collector/src/edge/golden");
const span = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
const from = trace.setSpanContext(ROOT_CONTEXT, span);
const traceparent = `00-${span.traceId}-${span.spanId}-01`;

async function mapText(format: "x12" | "hl7v2", text: string) {
  const mapper = createDocumentMapper(loadDocumentPack(join(ROOT, "config")), {});
  const events: { id: string; traceparent?: string | null | undefined }[] = [];
  const findings: string[] = [];
  for await (const item of parseDocuments(format, [Buffer.from(text)], {})) {
    findings.push(...item.findings.map(({ code }) => code));
    if (item.document === undefined) continue;
    const context = { digest: "d", ordinal: item.position.ordinal, zone: "America/Chicago" };
    events.push(...mapper.map(item.document, context).events);
  }
  return { events, findings };
}

test.each([
  ["x12", "x12/850.edi", (text: string) => injectX12(text, { from }).text],
  ["x12", "x12/856.edi", (text: string) => injectX12(text, { from }).text],
  ["hl7v2", "hl7v2/rde.hl7", (text: string) => injectHl7(text, from).text],
] as const)(
  "what the SDK writes into %s %s comes out of the edge as the events' trace",
  async (format, file, inject) => {
    const text = readFileSync(join(GOLDEN, file), "utf8");
    const plain = await mapText(format, text);
    const carried = await mapText(format, inject(text));
    expect(plain.events.map((event) => event.traceparent)).toEqual(plain.events.map(() => undefined));
    expect(carried.findings).toEqual(plain.findings);
    expect(carried.events.length).toBeGreaterThan(0);
    expect(carried.events).toEqual(plain.events.map((event) => ({ ...event, traceparent })));
  },
);

describe("a trace that the SDK puts beside a file", () => {
  let own: ReturnType<typeof createSourceParts>;
  let drop: string;

  beforeEach(() => {
    own = createSourceParts();
    drop = join(own.folder, "drop");
    mkdirSync(drop);
  });
  afterEach(() => own.remove());

  /** Reads the drop once, and gives the trace of each file by what it holds. */
  const scan = async (options: object = {}) => {
    const traces = new Map<string, string | undefined>();
    const config = directorySource.parse({ kind: "directory", path: drop, stableFor: "PT0S", ...options });
    const take: typeof own.parts.take = async (unit) => {
      await own.parts.take(unit);
      traces.set(own.taken.at(-1)?.text ?? "", unit.traceparent);
    };
    const isComplete = await createFileScanner(config, { ...own.parts, take })(
      createLocalFiles(config),
      new AbortController().signal,
    );
    expect(isComplete).toBe(true);
    return traces;
  };
  const at = (name: string) => join(drop, name);
  const put = async (name: string, text: string) => {
    writeFileSync(at(`.${name}`), text);
    await writeSideCar(at(name), { from, contentPath: at(`.${name}`) });
    renameSync(at(`.${name}`), at(name));
  };

  test("in its name, or in a side-car, comes out of the edge as its documents' trace", async () => {
    writeFileSync(injectFileName(at("named.csv"), from), "named");
    await put("beside.csv", "beside");
    writeFileSync(at("plain.csv"), "plain");
    expect(await scan()).toEqual(
      new Map([
        ["named", traceparent],
        ["beside", traceparent],
        ["plain", undefined],
      ]),
    );
  });

  test("goes into the archive with its file, and is never read as a document", async () => {
    await put("orders.csv", "orders");
    writeFileSync(at("orphan.csv.trace.json"), "{}");
    expect((await scan({ archive: join(own.folder, "done") })).size).toBe(1);
    const archived = readdirSync(join(own.folder, "done")).toSorted();
    expect(archived).toEqual([
      expect.stringMatching(/^[0-9a-f]{12}-orders\.csv$/),
      expect.stringMatching(/^[0-9a-f]{12}-orders\.csv\.trace\.json$/),
    ]);
    expect(readdirSync(drop)).toEqual(["orphan.csv.trace.json"]);
  });

  test.each([
    ["of another content", () => copyFileSync(at("orders.csv.trace.json"), at("other.csv.trace.json"))],
    ["that is no JSON", () => writeFileSync(at("other.csv.trace.json"), "{")],
    ["that is too large", () => writeFileSync(at("other.csv.trace.json"), " ".repeat(70_000))],
  ])("in a side-car %s is none", async (_what, write) => {
    await put("orders.csv", "orders");
    writeFileSync(at("other.csv"), "other");
    write();
    expect(existsSync(at("other.csv.trace.json"))).toBe(true);
    expect((await scan()).get("other")).toBeUndefined();
  });
});
