import { createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDocumentPack } from "@throughline/schemas/pack/parse-document-pack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestGateway, type TestGateway } from "../gateway.fixture.ts";
import { createRate } from "./rate.ts";
import { readHooks } from "./read-hooks.ts";
import { createSeenMessages } from "./seen-messages.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const KEY = Buffer.from("a secret of a webhook, 32 bytes.");
const SECRET = `whsec_${KEY.toString("base64")}`;
const STOCK = `
name: json-stock
title: Stock
format: json
documents: [record]
source: /suite
time: { from: ["{at}"] }
keep: [{ path: item }, { path: at }, { path: on_hand }]
events:
  - type: pharmacy.stock.counted
    objects: [{ type: item, id: "{item}", required: true }]
    measures: { on_hand: { value: "{on_hand}", unit: EA } }
`;
const MESSAGE = JSON.stringify({ item: "00071015523", on_hand: 4, at: "2026-03-02T02:00:00Z", nurse: "JANE DOE" });

let folder: string;
let tower: TestGateway;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "throughline-hooks-"));
  writeFileSync(join(folder, "secret"), `${SECRET}\n`, { mode: 0o600 });
  const hooks = `hooks:
  - { interface: suite, format: json, site: north, secretFile: secret, maxBytes: 2048 }
  - { interface: narrow, format: json, secretFile: secret, scope: { sites: "*", domains: [erp] } }
  - { interface: slow, format: json, secretFile: secret, perMinute: 10 }
  - interface: plain
    format: json
    source: /plain
    signature: { scheme: hmac-sha256, header: X-Signature, prefix: "sha256=", id: X-Delivery }
    secretFile: secret
`;
  tower = await startTestGateway({ documents: rules(), hooks: read(hooks) });
});
afterAll(async () => {
  await tower.stop();
  rmSync(folder, { recursive: true });
});

function rules() {
  const result = parseDocumentPack([{ path: "documents/json-stock.yaml", text: STOCK }]);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return { pack: result.pack, patientFormats: [] };
}

function read(text: string) {
  const file = join(folder, "hooks.yaml");
  writeFileSync(file, text);
  return readHooks(file, rules());
}

function sign(body: string, { id = "msg_1", at = Date.now(), key = KEY } = {}): Record<string, string> {
  const seconds = Math.floor(at / 1000);
  const signature = createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": String(seconds), "webhook-signature": `v1,${signature}` };
}

async function post(name: string, body: string, headers: Record<string, string>) {
  const response = await fetch(`${tower.gateway.url}/v1/hooks/${name}`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

const countRows = async (where: string) =>
  (await tower.query<{ count: number }>(`SELECT count() AS count FROM throughline.events WHERE ${where}`))[0]?.count;

describe("a webhook at the gateway", () => {
  test("is mapped, redacted and stored once, however often it is sent, and no other message under its id", async () => {
    const first = await post("suite", MESSAGE, sign(MESSAGE));
    expect([first.status, first.body]).toEqual([202, expect.stringContaining('"accepted":1')]);
    const again = await post("suite", MESSAGE, sign(MESSAGE, { at: Date.now() + 60_000 }));
    expect([again.status, again.body]).toEqual([202, expect.stringContaining('"isRepeated":true')]);
    const other = MESSAGE.replace("4", "5");
    expect((await post("suite", other, sign(other))).status).toBe(400);
    const [row] = await tower.query<{ source: string; site: string; text: string }>(
      "SELECT source, site, toString(tuple(*)) AS text FROM throughline.events WHERE source = '/suite'",
    );
    expect(row).toMatchObject({ source: "/suite", site: "north" });
    expect(row?.text).not.toContain("JANE");
    expect(await countRows("source = '/suite'")).toBe(1);
  });

  test.each([
    ["another's signature", () => sign(MESSAGE, { key: Buffer.from("another secret, of 32 bytes too.") })],
    ["a signature of another body", () => sign(`${MESSAGE} `)],
    ["an old time", () => sign(MESSAGE, { at: Date.now() - 400_000 })],
    ["no signature", (): Record<string, string> => ({})],
    ["a key instead of a signature", (): Record<string, string> => ({ authorization: "Bearer ingest" })],
  ])("is refused with %s", async (_what, headers) => {
    const refused = await post("suite", MESSAGE, headers());
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, 'Signature realm="throughline"']);
  });

  test.each([
    ["nobody", 404, {}, MESSAGE],
    ["suite", 413, {}, `{"x":"${"x".repeat(3000)}"}`],
    ["suite", 415, { "content-type": "text/plain" }, MESSAGE],
    ["suite", 415, { "content-encoding": "gzip" }, MESSAGE],
    ["suite", 400, {}, "{"],
    ["narrow", 400, {}, MESSAGE],
  ])("to %s is answered with %i", async (...[name, status, headers, body]) => {
    expect((await post(name, body, { ...sign(body, { id: `${status}` }), ...headers })).status).toBe(status);
    expect((await fetch(`${tower.gateway.url}/v1/hooks/suite`)).status).toBe(405);
  });

  test("that becomes no event is refused, asked for again, and kept without a byte of it", async () => {
    const body = JSON.stringify({ nurse: "JANE DOE" });
    expect((await post("suite", body, sign(body, { id: "unmapped" }))).status).toBe(400);
    expect((await post("suite", body, sign(body, { id: "unmapped" }))).status).toBe(400);
    const rows = await tower.query<{ bytes: string; issues: string; actor: string }>(
      "SELECT bytes, issues, actor FROM throughline.quarantine WHERE route = '/v1/hooks/suite'",
    );
    expect(new Set(rows.map(({ bytes, actor }) => `${actor} ${bytes}`))).toEqual(new Set(["hook:suite "]));
    expect(rows.map(({ issues }) => issues).join("")).not.toContain("JANE");
  });

  test("of another maker is told by an HMAC in its own header", async () => {
    const hmac = createHmac("sha256", SECRET).update(MESSAGE).digest("hex");
    const deliver = (id: string, signature: string) =>
      post("plain", MESSAGE, { "x-signature": signature, "x-delivery": id });
    const answers = await Promise.all(["7", "8"].map((id) => deliver(id, `sha256=${hmac}`)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect((await deliver("7", `sha256=${hmac}`)).body).toContain("isRepeated");
    expect((await deliver("9", `sha256=${"0".repeat(64)}`)).status).toBe(401);
    expect(await countRows("source = '/plain'")).toBe(2);
  });

  test("that comes too often has to wait", async () => {
    const statuses = [];
    for (const id of ["a", "b", "c"]) statuses.push((await post("slow", MESSAGE, sign(MESSAGE, { id }))).status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    const waiting = await post("slow", MESSAGE, sign(MESSAGE, { id: "d" }));
    expect(Number(waiting.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

test("messages are let through as often as was agreed, and a burst after a pause", () => {
  let at = 0;
  const rate = createRate({ perMinute: 60, now: () => at });
  const passed = () => Array.from({ length: 10 }, () => rate.take()).filter((waitMs) => waitMs === 0).length;
  expect(passed()).toBe(6);
  expect(rate.take()).toBe(1000);
  at += 3000;
  expect(passed()).toBe(3);
  at += 600_000;
  expect(passed()).toBe(6);
});

test("messages are remembered for a time, and no more than so many", () => {
  let at = 0;
  const seen = createSeenMessages({ keepMs: 1000, most: 2, now: () => at });
  for (const id of ["a", "b", "c"]) seen.add(id, `digest of ${id}`);
  expect(["a", "b", "c"].map(seen.find)).toEqual([undefined, "digest of b", "digest of c"]);
  at = 1001;
  expect(seen.find("c")).toBeUndefined();
});

describe("the file of webhooks", () => {
  test.each([
    ["hooks: 1", /hooks\.yaml:1:\d+: hooks must be a list/],
    ["hooks:\n  - { interface: a, format: hl7v2, secretFile: secret }", /hooks\.yaml:2:\d+: .*carries patient data/],
    [
      "hooks:\n  - { interface: a, format: json, secretFile: secret }\n  - { interface: a, format: json, secretFile: secret }",
      /hooks\.yaml:3:\d+: .*another webhook/,
    ],
    ["hooks:\n  - { interface: a, format: json, secretFile: none }", /There is no key file/],
    ["hooks:\n  - { interface: a, format: x12, secretFile: secret }", /no mapping for x12/],
  ])("%j is refused, and where it is wrong is said", (text, expected) => {
    expect(() => read(text)).toThrow(expected);
  });

  test("the example is one that is taken", () => {
    const documents = join(ROOT, "config/documents");
    const files = readdirSync(documents).map((name) => ({
      path: `documents/${name}`,
      text: readFileSync(join(documents, name), "utf8"),
    }));
    const parsed = parseDocumentPack(files);
    const pack = parsed.ok ? parsed.pack : { mappings: [], crosswalks: [] };
    const file = join(folder, "example.yaml");
    for (const name of ["procurement-suite", "inventory-service"])
      writeFileSync(join(folder, `${name}.secret`), SECRET, { mode: 0o600 });
    writeFileSync(file, readFileSync(join(ROOT, "docs/examples/hooks.yaml")));
    const hooks = readHooks(file, { pack, patientFormats: [] });
    expect(hooks.map(({ config }) => config.interface)).toEqual(["procurement-suite", "inventory-service"]);
  });
});
