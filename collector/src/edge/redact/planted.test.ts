import { describe, expect, test } from "vitest";
import type { Event } from "@throughline/schemas/event";
import { DOCUMENT_FORMATS } from "@throughline/schemas/pack/document-mapping";
import { parseDocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import { parseEdgeConfig } from "../config/read-edge-config.ts";
import { TEST_POLICY } from "../documents.fixture.ts";
import { parseDocuments } from "../formats/parse-documents.ts";
import { loadShippedPack } from "../run/edge.fixture.ts";
import { createIntake } from "../run/intake.ts";
import type { KeptDocument } from "../run/kept-document.ts";
import { createAllowList } from "./allow-list.ts";
import { PLANTED_SAMPLES, type PlantedSample } from "./planted.fixture.ts";
import { redactDocument } from "./redact-document.ts";
import { IDENTIFIERS } from "./planted-identifiers.fixture.ts";

const planted = Object.values(IDENTIFIERS).flat();
const shipped = loadShippedPack();

function findIn(value: unknown): string[] {
  const whole = JSON.stringify(value).toLowerCase();
  return planted.filter((one) => whole.includes(one.toLowerCase()));
}

function packOf({ mapping }: PlantedSample) {
  if (mapping === undefined) return shipped;
  const result = parseDocumentPack([{ path: "documents/rows.yaml", text: mapping }]);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.pack;
}

/** What an interface lets out of itself when it reads these bytes: events, what it counts, and what it says of what waits. */
async function readAtEdge(sample: PlantedSample, pieces: readonly Uint8Array[]) {
  const parsed = parseEdgeConfig(
    "edge.yaml",
    `gateway: { url: "http://127.0.0.1:1", keyFile: k }\npack: p\nspool: { directory: s, keyFile: k, maxBytes: 10000000 }\ninterfaces:\n  - { id: planted, format: ${sample.format}, from: { kind: mllp, port: 4000 } }`,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const [config] = parsed.config.interfaces;
  if (config === undefined) throw new Error("no interface");
  const events: Event[] = [];
  const kept: KeptDocument[] = [];
  const intake = createIntake({
    config,
    pack: packOf(sample),
    policy: TEST_POLICY,
    append: async (more) => void events.push(...more),
    keep: async (more) => void kept.push(...more),
    signal: new AbortController().signal,
  });
  for (const bytes of pieces)
    await intake.take([{ identity: "0".repeat(64), stream: [bytes], raw: Buffer.from(bytes), isPatient: false }]);
  // What was read stays at the edge, sealed: only what is said of it is looked at.
  const said = kept.map((entry) => ({ ...entry, raw: undefined }));
  return { events, left: { events, said, counts: intake.counts(), sources: [...intake.sources()] } };
}

test("there is a document of each format", () => {
  const missing = DOCUMENT_FORMATS.filter((format) => !PLANTED_SAMPLES.some((sample) => sample.format === format));
  expect(missing).toEqual([]);
});

/** The 18 kinds of identifiers of 45 CFR 164.514(b)(2), each planted wherever its format has room for it. */
describe.each(PLANTED_SAMPLES.map((sample) => [sample.name, sample] as const))(
  "a document of %s that is full of identifiers",
  (_, sample) => {
    const { format, text } = sample;
    const layout = packOf(sample).mappings.length === 1 ? packOf(sample).mappings[0] : undefined;

    test("lets none of them leave", async () => {
      expect(planted.filter((value) => !text.includes(value))).toEqual([]);
      const { events, left } = await readAtEdge(sample, [Buffer.from(text)]);
      expect(events).not.toEqual([]);
      expect(findIn(left)).toEqual([]);
    });

    test("lets none of them leave when it is cut off, or damaged", async () => {
      const bytes = Buffer.from(text);
      const halves = [0.2, 0.5, 0.8].map((share) => bytes.subarray(0, bytes.length * share));
      const tails = [0.3, 0.6].map((share) => bytes.subarray(bytes.length * share));
      const odd = Buffer.from(text.replaceAll(/[0-9]{3}/g, "\u0000$&"));
      const { left } = await readAtEdge(sample, [...halves, ...tails, odd]);
      expect(findIn(left)).toEqual([]);
    });

    test("keeps none of them within a mapping's reach", async () => {
      const allowed = createAllowList(format, []);
      for await (const { document } of parseDocuments(format, [Buffer.from(text)], layout && { layout }))
        expect(document && findIn(redactDocument(document, allowed, TEST_POLICY).document)).toEqual([]);
    });

    test("would be found out if a list allowed what it should not", async () => {
      const names = new Set<string>();
      for await (const { document } of parseDocuments(format, [Buffer.from(text)], layout && { layout })) {
        if (document === undefined) continue;
        const { report } = redactDocument(document, createAllowList(format, []), TEST_POLICY);
        for (const name of Object.keys(report.dropped)) names.add(name);
      }
      const weak = createAllowList(
        format,
        [...names].filter((name) => name !== "other").map((path) => ({ path, as: "keep" as const })),
      );
      const found: string[] = [];
      for await (const { document } of parseDocuments(format, [Buffer.from(text)], layout && { layout }))
        if (document !== undefined) found.push(...findIn(redactDocument(document, weak, TEST_POLICY).document));
      // What has the shape of an address or a number of a person is found by that, whatever a list says.
      expect(found).toEqual(expect.arrayContaining(["Zebulon"]));
      expect(new Set(found).size).toBeGreaterThanOrEqual(3);
    });
  },
);
