import { createHash } from "node:crypto";
import type { Event } from "@throughline/schemas/event";
import { expect, test } from "vitest";
import { parseEdgeConfig } from "../config/read-edge-config.ts";
import { loadShippedPack } from "./edge.fixture.ts";
import { createIntake } from "./intake.ts";
import type { KeptDocument } from "./kept-document.ts";

const pack = loadShippedPack();
const ISA =
  "ISA*00*          *00*          *ZZ*NORTHMED       *ZZ*CARDINALHLTH   *260302*0914*U*00401*000000317*0*P*>~";
const GS = "GS*PO*NORTHMED*CARDINALHLTH*20260302*0914*4*X*004010~";
const toOrder = (number: string) =>
  `ST*850*${number}~BEG*00*SA*45${number}**20260302~PO1*1*10*CS*24.00**VN*V-1~SE*4*${number}~`;

async function takeFile(text: string) {
  const parsed = parseEdgeConfig(
    "edge.yaml",
    `gateway: { url: "http://127.0.0.1:4318", keyFile: a.key }
pack: .
spool: { directory: spool, keyFile: b.key }
interfaces:
  - { id: files, format: x12, from: { kind: directory, path: drop } }
`,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const [config] = parsed.config.interfaces;
  if (config === undefined) throw new Error("There is no interface.");
  const kept: KeptDocument[] = [];
  const events: Event[] = [];
  const intake = createIntake({
    config,
    pack,
    policy: {},
    append: async (more) => void events.push(...more),
    keep: async (more) => void kept.push(...more),
    signal: new AbortController().signal,
  });
  const identity = createHash("sha256").update(text).digest("hex");
  await intake.take([{ identity, stream: [Buffer.from(text)], isPatient: true }]);
  return { kept, events, counts: intake.counts(), identity };
}

test("a part of a file that cannot be read is kept by its place, and the rest of the file goes on", async () => {
  const begin = `${ISA}${GS}${toOrder("0001")}`;
  const text = `${begin}ST*850*0002~BEG*00*SA*450002~${toOrder("0003")}GE*3*4~IEA*1*000000317~`;
  const { kept, events, counts, identity } = await takeFile(text);
  const reason = "no document can be read: truncated";
  expect(kept).toEqual([{ class: "unreadable", identity, ordinal: 1, byteOffset: begin.length, reason }]);
  expect(counts).toMatchObject({ documents: 2, findings: 1 });
  expect(events.length).toBeGreaterThan(0);
});

test("what is wrong with an envelope only is a finding, and nothing of it is kept", async () => {
  const { kept, counts } = await takeFile(`${ISA}${GS}${toOrder("0001")}GE*7*4~IEA*1*000000999~`);
  expect(counts).toMatchObject({ documents: 1, findings: 2 });
  expect(kept).toEqual([]);
});

test("a file that gives no document at all is kept, whatever is said of it", async () => {
  const { kept } = await takeFile(`${ISA}IEA*7*000000317~`);
  expect(kept).toMatchObject([{ class: "unreadable", ordinal: 0, reason: "no document can be read: count_mismatch" }]);
});

test("of many parts that cannot be read the first are kept one by one, and the last of these says so", async () => {
  const text = ISA + GS + toOrder("0001") + "ST*850*0002~BEG*00*SA*450002~".repeat(3000);
  const { kept, counts } = await takeFile(text);
  expect(counts.findings).toBeGreaterThanOrEqual(3000);
  expect(kept).toHaveLength(1001);
  expect(kept.at(-1)?.reason).toMatch(/counted only$/);
});
