import { describe, expect, test } from "vitest";
import { listRoles } from "./serve.ts";
import { readSettings } from "./settings.ts";

describe("the settings of the dead-man", () => {
  test("tell nobody unless an address is given", () => {
    expect(readSettings({})).toMatchObject({
      deadMan: undefined,
      outgoingAllow: [],
      gatewayUrl: "http://127.0.0.1:4318",
    });
  });

  test("are read with their defaults", () => {
    const settings = readSettings({
      THROUGHLINE_DEADMAN_URL: "https://uptime.example/ping/1",
      THROUGHLINE_OUTGOING_ALLOW: " 10.20.0.0/16, 192.168.4.7 ,",
      THROUGHLINE_HOST: "0.0.0.0",
    });
    expect(settings).toMatchObject({
      deadMan: { url: "https://uptime.example/ping/1", method: "POST", intervalMs: 60_000 },
      outgoingAllow: ["10.20.0.0/16", "192.168.4.7"],
      gatewayUrl: "http://127.0.0.1:4318",
    });
  });

  test.each([
    ["THROUGHLINE_DEADMAN_URL", "ftp://uptime.example", "must be an address that begins with https:// or http://"],
    ["THROUGHLINE_DEADMAN_URL", "https://me:secret@uptime.example", "must not hold a user name or password"],
    ["THROUGHLINE_DEADMAN_INTERVAL", "5", "THROUGHLINE_DEADMAN_INTERVAL"],
    ["THROUGHLINE_DEADMAN_METHOD", "PUT", "THROUGHLINE_DEADMAN_METHOD"],
    ["THROUGHLINE_OUTGOING_ALLOW", "10.20.0.0/16,intranet", '"intranet" is neither an address nor a network'],
  ])("refuse %s=%s and say why", (name, value, message) => {
    expect(() => readSettings({ [name]: value })).toThrow(message);
    expect(() => readSettings({ [name]: value })).not.toThrow("secret");
  });
});

test("matches and reconciliations are kept unless they are switched off", () => {
  const rolesOf = (variables: NodeJS.ProcessEnv) => listRoles(readSettings(variables));
  expect(rolesOf({})).toEqual(["gateway", "projector", "reconciler", "api"]);
  expect(rolesOf({ THROUGHLINE_RECONCILER: "off" })).toEqual(["gateway", "projector", "api"]);
  expect(() => readSettings({ THROUGHLINE_RECONCILER: "no" })).toThrow("must be on or off");
});
