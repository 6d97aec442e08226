import { generateKeyPairSync } from "node:crypto";
import { documentMapping } from "@throughline/schemas/pack/document-mapping";
import { parseSigningKeys, signEnvelope } from "@throughline/schemas/way-back/dsse";
import type { WayBackManifest } from "@throughline/schemas/way-back/manifest";
import { expect, test } from "vitest";
import { checkManifest } from "./check-manifest.ts";
import { mergeMappings } from "./merge-mappings.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const signing = parseSigningKeys(privateKey.export({ type: "pkcs8", format: "pem" }).toString(), "private");
const trusted = parseSigningKeys(publicKey.export({ type: "spki", format: "pem" }).toString(), "public");
const NOW = Date.UTC(2026, 2, 2, 12);
const MANIFEST: WayBackManifest = {
  format: "throughline.way-back.1",
  audience: "k1",
  version: 7,
  issuedAt: "2026-03-02T12:00:00Z",
  expiresAt: "2026-03-02T13:00:00Z",
  parts: { crosswalks: "a".repeat(64), mappings: "b".repeat(64) },
  orders: [],
};
const check = (change: object = {}, rules: object = {}) =>
  checkManifest(signEnvelope(JSON.stringify({ ...MANIFEST, ...change }), signing), {
    trusted,
    audience: "k1",
    version: 7,
    now: NOW,
    ...rules,
  });

test("what is signed, newer or the same, in time and for this edge is taken", () => {
  expect(check()).toEqual({ ok: true, manifest: MANIFEST });
  expect(check({ version: 8 })).toMatchObject({ ok: true });
});

test.each([
  ["another edge's", { audience: "k2" }, {}, "it is meant for another edge"],
  ["an older one", { version: 6 }, {}, "it is version 6, and 7 was applied already"],
  ["one that ran out", {}, { now: NOW + 2 * 3_600_000 }, "it ran out at 2026-03-02T13:00:00Z"],
  ["one of tomorrow", {}, { now: NOW - 86_400_000 }, expect.stringContaining("ahead of this clock")],
  ["one of another form", { format: "throughline.way-back.2" }, {}, expect.stringContaining("does not know")],
  ["one with more in it", { commands: ["rm"] }, {}, expect.stringContaining("does not know")],
  ["one of nobody", {}, { trusted: [] }, "no key that is trusted here has signed it"],
])("%s is refused", (...[, change, rules, reason]) => {
  expect(check(change, rules)).toEqual({ ok: false, reason });
});

test("a tampered payload is refused whatever it says", () => {
  const envelope = signEnvelope(JSON.stringify(MANIFEST), signing);
  const forged = Buffer.from(JSON.stringify({ ...MANIFEST, version: 99 })).toString("base64");
  expect(checkManifest({ ...envelope, payload: forged }, { trusted, audience: "k1", version: 0, now: NOW })).toEqual({
    ok: false,
    reason: "no key that is trusted here has signed it",
  });
});

const mapping = (name: string, keep: readonly string[], title = name) =>
  documentMapping.parse({
    name,
    title,
    format: "csv",
    documents: ["row"],
    source: "/files",
    time: { from: ["{at}"] },
    keep: keep.map((path) => ({ path })),
    events: [{ type: "pharmacy.stock.counted", objects: [{ type: "item", id: "{item}" }] }],
  });

test("a mapping of the tower takes the place of this edge's own unless it would let more leave", () => {
  const own = [mapping("stock", ["item", "at"]), mapping("orders", ["item"])];
  const tower = [mapping("stock", ["item"], "Newer"), mapping("orders", ["item", "patient"]), mapping("other", ["x"])];
  const { mappings, refused } = mergeMappings(own, tower);
  expect(mappings.map(({ name, title }) => `${name} ${title}`)).toEqual(["stock Newer", "orders orders"]);
  expect(refused).toEqual(["orders", "other"]);
  expect(mergeMappings(own, [mapping("plain", [])]).mappings.map(({ name }) => name)).toEqual([
    "stock",
    "orders",
    "plain",
  ]);
});
