import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { toEngineUsersXml } from "@throughline/schemas/clickhouse/engine-config";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { readSettings } from "../../commands/settings.ts";
import { ROLES } from "../../commands/role-message.ts";
import { hasOption, listCommands } from "./command-line.ts";
import { ROOT } from "./root.ts";
import { listSettings } from "./settings-names.ts";

const IMAGE_VARIABLES = new Set(["CLICKHOUSE_USER", "CLICKHOUSE_PASSWORD", "CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT"]);

const service = z.looseObject({
  image: z.string(),
  build: z.string().optional(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.looseObject({ test: z.array(z.string()).optional(), disable: z.boolean().optional() }).optional(),
});

const compose = z
  .object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.null()) })
  .parse(parse(read("docker-compose.yml"), { merge: true }));
const dockerfile = read("Dockerfile");
const services = Object.entries(compose.services).map(([name, of]) => ({ name, ...of }));
const towers = services.filter(({ image, entrypoint }) => image === "throughline" && entrypoint === undefined);
const settings = readSettings({});
const ports = new Map([
  [settings.apiPort, "api/src"],
  [settings.gatewayPort, "collector/src"],
]);

describe("docker-compose.yml", () => {
  test("runs every role once, each with a command that exists", () => {
    const commands = listCommands();
    const roles = towers.map(({ command: [command = "", option = "", role = ""] }) => {
      expect(commands).toContain(command);
      expect(hasOption(command, option)).toBe(true);
      return role;
    });
    expect(roles.toSorted()).toEqual([...ROLES].toSorted());
  });

  test("sets no variable that nothing reads", () => {
    const known = listSettings();
    expect(known.size).toBeGreaterThan(10);
    for (const { name, environment } of towers)
      expect([name, Object.keys(environment).filter((variable) => !known.has(variable))]).toEqual([name, []]);
    const server = compose.services["clickhouse"]?.environment ?? {};
    const script = read("docker/create-reader.sh");
    const unread = Object.keys(server).filter(
      (variable) => !IMAGE_VARIABLES.has(variable) && !script.includes(`$${variable}`),
    );
    expect(unread).toEqual([]);
  });

  test("gives the roles settings that they take", () => {
    for (const { environment } of towers) {
      const given = Object.entries(environment).map(([name, value]) => [
        name,
        value.startsWith("${") ? fill(value) : value,
      ]);
      expect(readSettings(Object.fromEntries(given)).server?.reader.username).toBe("throughline_reader");
    }
  });

  test("publishes the ports that the roles listen on, to this machine only", () => {
    const published = towers.flatMap(({ ports: own }) => own);
    expect(published.toSorted()).toEqual([...ports.keys()].map((port) => `127.0.0.1:${port}:${port}`).toSorted());
  });

  test("asks for health where a role answers", () => {
    const addresses = [...read("docker-compose.yml").matchAll(/fetch\('([^']+)'\)/g)].flatMap(
      ([, address]) => address ?? [],
    );
    expect(addresses.length).toBe(2);
    for (const address of addresses) assertAnswered(address);
    const waitedFor = services.flatMap(({ depends_on }) => Object.keys(depends_on));
    for (const name of waitedFor) expect(compose.services[name]?.healthcheck?.test).toBeDefined();
  });

  test("plays the demo with an entry point and options that exist", () => {
    const { entrypoint = [], command = [], environment = {} } = compose.services["demo"] ?? {};
    const script = entrypoint[1]?.replace("/app/", "") ?? "";
    expect(existsSync(join(ROOT, script))).toBe(true);
    const source = read(script);
    for (const option of command.filter((word) => word.startsWith("--")))
      expect(source).toContain(`${option.slice(2)}: { type`);
    for (const variable of Object.keys(environment)) expect(source).toContain(variable);
  });

  test("mounts files that exist and declares every volume", () => {
    for (const volume of services.flatMap(({ volumes }) => volumes)) {
      const [from = ""] = volume.split(":");
      expect([from, from.startsWith("./") ? existsSync(join(ROOT, from)) : from in compose.volumes]).toEqual([
        from,
        true,
      ]);
    }
  });

  test("creates a reader who may set what the local engine's reader may set", () => {
    const credentials = { writerPassword: "a", readerPassword: "b" };
    const local = toEngineUsersXml({ database: "throughline", memoryBytes: 1, ...credentials });
    const changeable = [...local.matchAll(/<(\w+)><changeable_in_readonly\/>/g)].flatMap(([, name]) => name ?? []);
    const script = read("docker/create-reader.sh");
    const created = [...script.matchAll(/^ {4}(\w+).* CHANGEABLE_IN_READONLY/gm)].flatMap(([, name]) => name ?? []);
    expect(created.toSorted()).toEqual(changeable.toSorted());
    expect(script).toContain("readonly = 1");
  });
});

describe("Dockerfile", () => {
  test("copies every workspace's package file before it installs", () => {
    const { workspaces } = z.object({ workspaces: z.array(z.string()) }).parse(JSON.parse(read("package.json")));
    for (const workspace of workspaces) expect(dockerfile).toContain(`COPY ${workspace}/package.json ${workspace}/\n`);
  });

  test("starts a command that exists, as a user without rights", () => {
    const [, entrypoint = ""] = /^ENTRYPOINT \["\/app\/([^"]+)"\]$/m.exec(dockerfile) ?? [];
    const [, command = ""] = /^CMD \["([^"]+)"\]$/m.exec(dockerfile) ?? [];
    expect(existsSync(join(ROOT, entrypoint))).toBe(true);
    expect(listCommands()).toContain(command);
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  test("sets variables that are read, runs scripts that exist, and asks for health where the API answers", () => {
    const variables = [...dockerfile.matchAll(/\b(THROUGHLINE_\w+)=/g)].flatMap(([, name]) => name ?? []);
    for (const variable of variables) expect(listSettings()).toContain(variable);
    const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read("package.json")));
    for (const [, script = ""] of dockerfile.matchAll(/npm run (\w+)/g)) expect(Object.keys(scripts)).toContain(script);
    const [, address = ""] = /fetch\('([^']+)'\)/.exec(dockerfile) ?? [];
    assertAnswered(address);
    const [, exposed = ""] = /^EXPOSE (.+)$/m.exec(dockerfile) ?? [];
    expect(new Set(exposed.split(" "))).toEqual(new Set([...ports.keys()].map(String)));
  });
});

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Stands in for `${NAME:?message}` and `${NAME:-default}`. */
function fill(value: string): string {
  return /:-(\w*)\}/.exec(value)?.[1] ?? "0123456789abcdef0123456789abcdef";
}

/** The address is one of a listening role, and its code knows the path. */
function assertAnswered(address: string) {
  const { hostname, pathname, port } = new URL(address);
  expect(hostname).toBe("127.0.0.1");
  const folder = ports.get(Number(port));
  expect(folder).toBeDefined();
  const sources = globSync(`${folder}/**/*.ts`, { cwd: ROOT }).filter((file) => !file.endsWith(".test.ts"));
  expect([address, sources.some((file) => read(file).includes(`"${pathname}"`))]).toEqual([address, true]);
}
