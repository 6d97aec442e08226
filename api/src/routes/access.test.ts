import { ROLES } from "@throughline/schemas/access";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createdKey, keyList, me, sessionState } from "../contract/session.ts";
import { ADMINISTRATOR_TOKEN, startTower, type Tower } from "../tower.fixture.ts";

const READING = ["/overview", "/flows", "/legs", "/breaches", "/journeys?key=x1", "/sources", "/quarantine", "/me"];
let tower: Tower;

beforeAll(async () => {
  tower = await startTower();
});

afterAll(() => tower.close());

const post = (path: string, body: object, init: RequestInit & { key?: string } = {}) =>
  tower.request(path, {
    ...init,
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...Object(init.headers) },
  });
const codeOf = () => new URL(tower.api.createSignInLink()).hash.slice("#code=".length);
const cookieOf = (response: Response) => response.headers.get("set-cookie")?.split(";")[0] ?? "";
const own = () => ({ origin: tower.api.url, "sec-fetch-site": "same-origin" });

async function signIn() {
  return cookieOf(await post("/session", { code: codeOf() }, { key: "" }));
}

test("lets nobody in without a key, but to say that it is alive", async () => {
  const paths = [
    ...READING,
    "/keys",
    "/stream",
    "/openapi.json",
    "/api/docs",
    "/metrics",
    "/traces/x",
    "/api/docs/start.js",
    "/nothing",
  ];
  for (const path of paths) {
    const response = await tower.request(path, { key: "" });
    expect([path, response.status]).toEqual([path, 401]);
    expect(await response.json()).toMatchObject({ code: "unauthenticated", status: 401, errors: [] });
  }
  for (const path of ["/healthz", "/readyz"]) {
    expect(await (await fetch(tower.api.url + path)).json()).toEqual({ status: "ok" });
  }
});

test("lets each role do what it may and nothing else", async () => {
  const may = {
    viewer: { read: 200, bytes: 403, keys: 403 },
    operator: { read: 200, bytes: 404, keys: 403 },
    auditor: { read: 200, bytes: 403, keys: 403 },
    admin: { read: 200, bytes: 404, keys: 200 },
    ingest: { read: 403, bytes: 403, keys: 403 },
  };
  for (const role of ROLES) {
    const key = await tower.createKey({ roles: [role] });
    const status = async (path: string) => (await tower.request(path, { key })).status;
    expect([role, await status("/overview"), await status("/quarantine/g1/1"), await status("/keys")]).toEqual([
      role,
      ...Object.values(may[role]),
    ]);
    for (const path of READING.slice(0, -1)) expect([path, await status(path)]).toEqual([path, may[role].read]);
  }
});

test("says who asks", async () => {
  const key = await tower.createKey({ name: "Ada", roles: ["auditor"], scope: { sites: ["north"], domains: "*" } });
  expect(await tower.get("/me", key)).toMatchObject({
    name: "Ada",
    roles: ["auditor"],
    scope: { sites: ["north"], domains: "*" },
    via: "key",
    expiresAt: null,
  });
});

test("signs in once with a link, and out again", async () => {
  const code = codeOf();
  const response = await post("/session", { code }, { key: "" });
  expect(response.headers.get("set-cookie")).toMatch(
    /^throughline_session=[\w-]{43}; Path=\/; Expires=.*; HttpOnly; SameSite=Strict$/,
  );
  const cookie = cookieOf(response);
  expect(me.parse(await response.json())).toMatchObject({ id: "administrator", via: "session" });
  expect((await tower.request("/me", { key: "", headers: { cookie } })).status).toBe(200);
  const again = await post("/session", { code }, { key: "" });
  expect(again.status).toBe(401);
  expect(await again.json()).toMatchObject({ detail: expect.stringContaining("used before") });
  const out = await tower.request("/session", { method: "DELETE", key: "", headers: { cookie, ...own() } });
  expect(out.status).toBe(204);
  expect(out.headers.get("set-cookie")).toContain("Max-Age=0");
  expect((await tower.request("/me", { key: "", headers: { cookie } })).status).toBe(401);
});

test("marks the cookie as secure behind https", async () => {
  const response = await post("/session", { code: codeOf() }, { key: "", headers: { "x-forwarded-proto": "https" } });
  expect(response.headers.get("set-cookie")).toContain("Secure");
  expect(response.headers.get("strict-transport-security")).toBe("max-age=31536000");
});

test("tells a browser without being asked who it is whether it holds a session", async () => {
  const isSignedIn = async (cookie?: string) => {
    const response = await tower.request("/session", { key: "", headers: cookie === undefined ? {} : { cookie } });
    expect(response.status).toBe(200);
    return sessionState.parse(await response.json()).isSignedIn;
  };
  const created = createdKey.parse(await (await post("/keys", { name: "Cy", roles: ["viewer"] })).json());
  const cookie = cookieOf(await post("/session", { key: created.text }, { key: "" }));
  expect(await Promise.all([isSignedIn(), isSignedIn("throughline_session=made-up"), isSignedIn(cookie)])).toEqual([
    false,
    false,
    true,
  ]);
  await tower.request(`/keys/${created.key.id}`, { method: "DELETE" });
  expect(await isSignedIn(cookie)).toBe(false);
});

test("ends the sessions of a key that is revoked", async () => {
  const created = createdKey.parse(await (await post("/keys", { name: "Bo", roles: ["viewer"] })).json());
  const cookie = cookieOf(await post("/session", { key: created.text }, { key: "" }));
  const status = async () => (await tower.request("/me", { key: "", headers: { cookie } })).status;
  expect(await status()).toBe(200);
  expect((await tower.request(`/keys/${created.key.id}`, { method: "DELETE" })).status).toBe(200);
  expect(await status()).toBe(401);
  expect((await tower.request("/me", { key: created.text })).status).toBe(401);
});

test("takes a change with a cookie from its own pages only", async () => {
  const cookie = await signIn();
  const make = (headers: Record<string, string>) =>
    post("/keys", { name: "x", roles: ["viewer"] }, { key: "", headers: { cookie, ...headers } });
  const foreign = [
    {},
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: tower.api.url, "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "cross-site" },
  ];
  for (const headers of foreign) expect([headers, (await make(headers)).status]).toEqual([headers, 403]);
  expect((await make(own())).status).toBe(201);
});

test("records every change with its actor", async () => {
  const admin = await tower.createKey({ name: "Chief", roles: ["admin"] });
  const { id: actor } = me.parse(await tower.get("/me", admin));
  const created = createdKey.parse(
    await (await post("/keys", { name: "audited", roles: ["ingest"] }, { key: admin })).json(),
  );
  await tower.request(`/keys/${created.key.id}`, { method: "DELETE", key: admin });
  expect(created.key).toMatchObject({ createdBy: actor, revokedAt: null });
  const result = await tower.writer.query({
    query: "SELECT action, target FROM audit_log WHERE actor = {actor: String} ORDER BY at",
    query_params: { actor },
    format: "JSONEachRow",
  });
  expect(await result.json()).toEqual([
    { action: "key.create", target: "audited" },
    { action: "key.revoke", target: created.key.id },
  ]);
});

test("lets an administrator with a scope make, see and revoke keys within it", async () => {
  const north = { sites: ["north"], domains: "*" as const };
  const admin = await tower.createKey({ roles: ["admin"], scope: north });
  expect((await post("/keys", { name: "wide", roles: ["viewer"] }, { key: admin })).status).toBe(403);
  expect((await post("/keys", { name: "narrow", roles: ["viewer"], scope: north }, { key: admin })).status).toBe(201);
  const { items } = keyList.parse(await tower.get("/keys", admin));
  expect(items.every(({ scope }) => scope.sites !== "*" && scope.sites.every((site) => site === "north"))).toBe(true);
  const all = keyList.parse(await tower.get("/keys"));
  const outside = all.items.find(({ scope }) => scope.sites === "*");
  expect((await tower.request(`/keys/${outside?.id}`, { method: "DELETE", key: admin })).status).toBe(404);
});

test("says what is wrong with a new key", async () => {
  const response = await post("/keys", { name: "", roles: ["king"], scope: { sites: ["*"], domains: "*" }, more: 1 });
  expect(response.status).toBe(400);
  const { errors } = z.object({ errors: z.array(z.object({ path: z.string() })) }).parse(await response.json());
  expect(errors.map(({ path }) => path).toSorted()).toEqual([
    "/body/more",
    "/body/name",
    "/body/roles/0",
    "/body/scope/sites/0",
  ]);
  expect((await post("/keys", {}, { headers: { "content-type": "text/plain" } })).status).toBe(415);
  const broken = await tower.request("/keys", {
    method: "POST",
    body: "{",
    headers: { "content-type": "application/json" },
  });
  expect([broken.status, broken.headers.get("content-type")]).toEqual([400, "application/problem+json"]);
  expect((await post("/keys", { name: "x".repeat(70_000), roles: ["viewer"] })).status).toBe(413);
});

test("answers those who guess ever less, and those who know as before", async () => {
  const guess = (index: number) => tower.request("/me", { key: `tl_0123456789ab_${String(index).padStart(43, "x")}` });
  const statuses: number[] = [];
  for (let index = 0; index < 30; index++) statuses.push((await guess(index)).status);
  expect(statuses).toContain(429);
  const limited = await guess(99);
  expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await tower.request("/me")).status).toBe(200);
  expect(ADMINISTRATOR_TOKEN.length).toBeGreaterThanOrEqual(32);
});

test("tells browsers to run nothing but its own scripts and to frame it nowhere", async () => {
  for (const path of ["/me", "/api/docs", "/legs?limit=x", "/legs?format=csv"]) {
    const { headers } = await tower.request(path);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
  }
});
