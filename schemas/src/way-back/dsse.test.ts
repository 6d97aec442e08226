import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openEnvelope, parseSigningKeys, signEnvelope } from "./dsse.ts";

const pair = () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    private: parseSigningKeys(privateKey.export({ type: "pkcs8", format: "pem" }).toString(), "private"),
    public: parseSigningKeys(publicKey.export({ type: "spki", format: "pem" }).toString(), "public"),
  };
};
const old = pair();
const next = pair();

test("what was signed opens under the key, unchanged; any other bytes, type or key do not", () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), (payload, at) => {
      const envelope = signEnvelope(payload, old.private);
      expect(openEnvelope(envelope, old.public)).toBe(Buffer.from(payload).toString("utf8"));
      expect(openEnvelope(envelope, next.public)).toBeUndefined();
      expect(openEnvelope({ ...envelope, payloadType: "application/json" }, old.public)).toBeUndefined();
      const bytes = Buffer.from(`${payload}.`);
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ 1;
      expect(openEnvelope({ ...envelope, payload: bytes.toString("base64") }, old.public)).toBeUndefined();
    }),
    { numRuns: 30 },
  );
});

test("while keys are changed both sign, so that edges with either of them read on", () => {
  const envelope = signEnvelope("now", [...old.private, ...next.private]);
  expect(openEnvelope(envelope, old.public)).toBe("now");
  expect(openEnvelope(envelope, next.public)).toBe("now");
  expect(envelope.signatures.map(({ keyid }) => keyid)).toEqual(
    [...old.public, ...next.public].map(({ keyid }) => keyid),
  );
});

test.each(["", "not a key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"])(
  "%j is no public key",
  (text) => {
    expect(() => parseSigningKeys(text, "public")).toThrow(/key/);
  },
);
