import { afterAll, beforeAll, expect, test } from "vitest";
import { startTower, type Tower } from "../tower.fixture.ts";

let tower: Tower;

beforeAll(async () => {
  tower = await startTower();
  await tower.engine.stop();
});

afterAll(() => tower.close());

test("says that the store is away and when to try again", async () => {
  for (const path of [
    "/overview",
    "/legs",
    "/legs?format=csv",
    "/journeys?key=x1",
    "/journeys/lot/1",
    "/sources",
    "/quarantine",
    "/keys",
  ]) {
    const response = await tower.request(path);
    expect([path, response.status, response.headers.get("retry-after")]).toEqual([path, 503, "5"]);
    expect(await response.json()).toMatchObject({ code: "unavailable", title: "Service Unavailable" });
  }
});

test("stays alive, lets known keys in and is not ready", async () => {
  expect((await fetch(`${tower.api.url}/healthz`)).status).toBe(200);
  expect((await tower.request("/me")).status).toBe(200);
  const ready = await fetch(`${tower.api.url}/readyz`);
  expect([ready.status, ready.headers.get("retry-after")]).toEqual([503, "5"]);
});

test("changes nothing that it cannot record", async () => {
  const init = {
    method: "POST",
    body: JSON.stringify({ name: "x", roles: ["viewer"] }),
    headers: { "content-type": "application/json" },
  };
  expect((await tower.request("/keys", init)).status).toBe(503);
});
