import { afterAll, beforeAll, expect, test } from "vitest";
import { startTower, type Tower } from "../tower.fixture.ts";

let tower: Tower;

beforeAll(async () => {
  tower = await startTower();
});

afterAll(() => tower.close());

test("says what is wrong with each parameter", async () => {
  const wrong: [string, string][] = [
    ["/legs?limit=0", "/query/limit"],
    ["/legs?limit=1001", "/query/limit"],
    ["/legs?verdict=LATE", "/query/verdict/0"],
    ["/legs?from=yesterday", "/query/from"],
    ["/legs?from=2026-02-31T00:00:00Z", "/query/from"],
    ["/legs?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", "/query/from"],
    ["/overview?from=1990-01-01T00:00:00Z", "/query/from"],
    ["/legs?verdicts=MET", "/query/verdicts"],
    ["/legs?q=a&q=b", "/query/q"],
    ["/legs?q=%00", "/query/q"],
    ["/journeys", "/query/key"],
    ["/journeys?key=", "/query/key"],
    ["/traces/xyz", "/path/id"],
    ["/quarantine/g1/-1", "/path/position"],
    ["/legs?format=xlsx", "/query/format"],
  ];
  for (const [path, place] of wrong) {
    const response = await tower.request(path);
    expect([path, response.status, response.headers.get("content-type")]).toEqual([
      path,
      400,
      "application/problem+json",
    ]);
    expect(await response.json()).toMatchObject({
      type: "urn:throughline:problem:invalid_request",
      title: "Bad Request",
      status: 400,
      code: "invalid_request",
      errors: [{ path: place }],
    });
  }
});

test("survives characters of any language of queries in every parameter", async () => {
  const hostile = [
    "'",
    "\\",
    "\\'",
    "'; DROP TABLE events; --",
    "{key:String}",
    "${x}",
    "%",
    "_",
    "\t\n",
    "\u{1f48a}",
    "*",
    "NULL",
    "\u0001",
  ];
  const paths = [
    "/legs?flow=",
    "/legs?q=",
    "/legs?instanceId=",
    "/legs?site=",
    "/overview?site=",
    "/flows?domain=",
    "/sources?q=",
    "/sources?source=",
    "/quarantine?q=",
    "/quarantine?actor=",
    "/quarantine?route=",
    "/journeys?key=xx",
    "/journeys/lot/",
    "/flows/",
    "/quarantine/",
  ];
  for (const path of paths)
    for (const text of hostile) {
      const whole = path + encodeURIComponent(text) + (path === "/quarantine/" ? "/1" : "");
      expect([whole, (await tower.request(whole)).status < 500]).toEqual([whole, true]);
    }
});

test("gives its description and its figures, and says so where there is nothing", async () => {
  expect(await tower.get("/openapi.json")).toMatchObject({ openapi: "3.1.0", servers: [{ url: "/api/v1" }] });
  expect(await (await tower.request("/api/docs")).text()).toContain("swagger-ui-bundle.js");
  for (const file of ["swagger-ui-bundle.js", "swagger-ui.css", "start.js"]) {
    const response = await tower.request(`/api/docs/${file}`);
    expect([file, response.status, (await response.text()).length > 50]).toEqual([file, 200, true]);
  }
  const metrics = await (await tower.request("/metrics")).text();
  expect(metrics).toContain('throughline_api_request_seconds_count{method="GET",route="/api/v1/legs",status="400"}');
  const nothing = await tower.request("/nothing");
  expect([nothing.status, await nothing.json()]).toMatchObject([
    404,
    { code: "not_found", requestId: expect.any(String) },
  ]);
  expect((await tower.request("/legs", { method: "POST" })).status).toBe(404);
});
