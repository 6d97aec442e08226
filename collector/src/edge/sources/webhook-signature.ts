import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { AppError } from "@throughline/schemas/error";
import type { WebhookSignature } from "../config/webhook-source.ts";
import { toDurationMs } from "../run/duration-ms.ts";

const SECRET_PREFIX = "whsec_";
const SECOND_MS = 1000;

/** Whether a delivery is genuine: then what tells it apart from others, in hexadecimal, the same each time that it is sent. */
export type Verification = { ok: true; identity: string } | { ok: false; reason: string };

export type Verify = (headers: IncomingHttpHeaders, body: Buffer, now: number) => Verification;

/** Checks signatures under any of the secrets. Throws `invalid_configuration` for a secret that is none of its scheme. */
export function createVerify(signature: WebhookSignature, secrets: readonly string[]): Verify {
  if (signature.scheme === "hmac-sha256") {
    const keys = secrets.map((secret) => Buffer.from(secret));
    return (headers, body) => verifyHmac(headers, body, { ...signature, keys });
  }
  const keys = secrets.map(toStandardKey);
  const toleranceMs = toDurationMs(signature.tolerance);
  return (headers, body, now) => verifyStandard(headers, body, { keys, toleranceMs, now });
}

function toStandardKey(secret: string): Buffer {
  const key = secret.startsWith(SECRET_PREFIX) ? Buffer.from(secret.slice(SECRET_PREFIX.length), "base64") : undefined;
  if (key === undefined || key.length < 16)
    throw new AppError("invalid_configuration", `The secret of a webhook must be ${SECRET_PREFIX} and base64.`);
  return key;
}

/** Standard Webhooks: the signature covers id, time and body, and the header may hold several. */
function verifyStandard(
  headers: IncomingHttpHeaders,
  body: Buffer,
  { keys, toleranceMs, now }: { keys: readonly Buffer[]; toleranceMs: number; now: number },
): Verification {
  const [id, timestamp, given] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) =>
    readHeader(headers, name),
  );
  if (id === undefined || timestamp === undefined || given === undefined || !/^\d{1,12}$/.test(timestamp))
    return { ok: false, reason: "its id, time or signature is missing" };
  if (Math.abs(now - Number(timestamp) * SECOND_MS) > toleranceMs)
    return { ok: false, reason: "its time is too far from now" };
  const signatures = given.split(" ").flatMap((each) => (each.startsWith("v1,") ? [each.slice(3)] : []));
  const message = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const isGenuine = keys.some((key) => {
    const expected = createHmac("sha256", key).update(message).digest();
    return signatures.some((signature) => isEqual(Buffer.from(signature, "base64"), expected));
  });
  return isGenuine ? { ok: true, identity: digest(id) } : { ok: false, reason: "its signature is wrong" };
}

function verifyHmac(
  headers: IncomingHttpHeaders,
  body: Buffer,
  own: { header: string; prefix: string; encoding: "hex" | "base64"; id?: string | undefined; keys: readonly Buffer[] },
): Verification {
  const given = readHeader(headers, own.header);
  if (given === undefined || !given.startsWith(own.prefix)) return { ok: false, reason: "its signature is missing" };
  const signature = Buffer.from(given.slice(own.prefix.length), own.encoding);
  const isGenuine = own.keys.some((key) => isEqual(signature, createHmac("sha256", key).update(body).digest()));
  if (!isGenuine) return { ok: false, reason: "its signature is wrong" };
  const id = own.id === undefined ? undefined : readHeader(headers, own.id);
  return { ok: true, identity: digest(id ?? body) };
}

function isEqual(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function digest(value: string | Buffer): string {
  return createHash("sha256").update(value).digest("hex");
}

function readHeader(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return Array.isArray(value) ? value[0] : value;
}
