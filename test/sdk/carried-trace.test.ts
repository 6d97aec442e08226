import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocuments } from "@throughline/collector/edge/formats/parse-documents";
import { createDocumentMapper } from "@throughline/collector/edge/map/document-mapper";
import { injectHl7 } from "@throughline/sdk/carriers/hl7";
import { injectX12 } from "@throughline/sdk/carriers/x12";
import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { expect, test } from "vitest";
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
