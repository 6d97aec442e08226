import { createHmac } from "node:crypto";
import { findFreePort } from "@throughline/schemas/find-free-port";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { webhookSource } from "../config/webhook-source.ts";
import { receiveWebhooks } from "./receive-webhooks.ts";
import { createSourceParts } from "./source.fixture.ts";
import type { RunningSource } from "./source.ts";
import { createVerify } from "./webhook-signature.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = `whsec_${Buffer.from("another secret of a webhook").toString("base64")}`;
const STANDARD = { scheme: "standard" as const, tolerance: "PT5M" };
let own: ReturnType<typeof createSourceParts>;
let source: RunningSource | undefined;
let url: string;

beforeEach(() => {
  own = createSourceParts();
});
afterEach(async () => {
  await source?.stop();
  source = undefined;
  own.remove();
});

async function start(options: object = {}, secret = SECRET) {
  const port = await findFreePort();
  const secretFile = join(own.folder, "secret");
  writeFileSync(secretFile, secret, { mode: 0o600 });
  const config = webhookSource.parse({ kind: "webhook", port, path: "/hooks/orders", secretFile, ...options });
  source = await receiveWebhooks(config, own.parts);
  url = `http://127.0.0.1:${port}/hooks/orders`;
}

function sign(body: string, { id = "msg_1", at = Date.now(), secret = SECRET } = {}): Record<string, string> {
  const seconds = Math.floor(at / 1000);
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": String(seconds), "webhook-signature": `v1a,x v1,${signature}` };
}

const post = async (body: string, headers: Record<string, string>, to = url) =>
  (await fetch(to, { method: "POST", body, headers })).status;

test("W1: the signature of the published example is right", () => {
  const headers = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  };
  const verify = createVerify(STANDARD, [SECRET]);
  const at = 1_614_265_330_000;
  expect(verify(headers, Buffer.from('{"test": 2432232314}'), at)).toMatchObject({ ok: true });
  expect(verify(headers, Buffer.from('{"test": 2432232315}'), at)).toEqual({
    ok: false,
    reason: "its signature is wrong",
  });
  expect(verify(headers, Buffer.from('{"test": 2432232314}'), at + 300_001)).toMatchObject({ ok: false });
});

describe("a webhook", () => {
  test("is acknowledged once it is kept, and has the same ids when it is sent again", async () => {
    await start();
    expect(await post('{"order":1}', sign('{"order":1}'))).toBe(202);
    expect(await post('{"order":1}', sign('{"order":1}', { at: Date.now() + 60_000 }))).toBe(202);
    expect(await post('{"order":1}', sign('{"order":1}', { id: "msg_2" }))).toBe(202);
    expect(own.taken.map(({ text }) => text)).toEqual(['{"order":1}', '{"order":1}', '{"order":1}']);
    const [first, again, other] = own.taken.map(({ identity }) => identity);
    expect([again === first, other === first]).toEqual([true, false]);
  });

  test("is taken under either secret while it is changed", async () => {
    await start({}, `${SECRET}\n${OTHER}\n`);
    expect(await post("{}", sign("{}"))).toBe(202);
    expect(await post("{}", sign("{}", { secret: OTHER }))).toBe(202);
  });

  test.each([
    ["a wrong secret", () => sign("{}", { secret: OTHER }), 401],
    ["an old time", () => sign("{}", { at: Date.now() - 400_000 }), 401],
    ["no signature", (): Record<string, string> => ({}), 401],
  ])("with %s is refused, and nothing of it is logged", async (_what, headers, status) => {
    await start();
    expect(await post("{}", headers())).toBe(status);
    expect(own.taken).toEqual([]);
    expect(own.logged.join("")).not.toContain("msg_1");
  });

  test("goes to its own path by POST only, and may not be too large", async () => {
    await start();
    expect(await post("{}", sign("{}"), url.replace("orders", "others"))).toBe(404);
    expect((await fetch(url)).status).toBe(405);
    const large = "x".repeat(17 * 1024 * 1024);
    expect(await post(large, sign(large))).toBe(413);
    expect(await post("{}", sign("{}"))).toBe(202);
  });

  test("that cannot be kept is asked for again", async () => {
    await start();
    own.state.failure = new Error("full");
    const response = await fetch(url, { method: "POST", body: "{}", headers: sign("{}") });
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "10"]);
  });

  test("of another maker is told by an HMAC in its own header", async () => {
    const signature = { scheme: "hmac-sha256", header: "X-Signature", prefix: "sha256=", id: "X-Delivery" };
    await start({ signature }, "a plain secret");
    const hmac = createHmac("sha256", "a").update("{}").digest("hex");
    expect(await post("{}", { "x-signature": `sha256=${hmac}`, "x-delivery": "7" })).toBe(202);
    expect(await post("{}", { "x-signature": `sha256=${"0".repeat(64)}` })).toBe(401);
    expect(await post("{}", { "x-signature": hmac })).toBe(401);
  });
});

test("a secret that is none of Standard Webhooks is refused at the start", async () => {
  await expect(start({}, "plain")).rejects.toThrow("whsec_");
});
