import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseEvent } from "../event-validator.ts";
import { FLOW, listIssues } from "./small-pack.fixture.ts";
import { parsePack } from "./parse-pack.ts";
import { parseImportMapping } from "./parse-mapping.ts";

const ROOT = join(import.meta.dirname, "../../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

function readPack() {
  const paths = readdirSync(join(ROOT, "config"), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".yaml"),
  );
  const result = parsePack(paths.map((path) => ({ path, text: read(join("config", path)) })));
  if (!result.ok) throw new Error("the pack is wrong");
  return result.pack;
}

describe("the reference", () => {
  test("explains every event that a flow knows", () => {
    const events = read("docs/reference/events.md");
    const types = [...readPack().flows.values()].flatMap((flow) => [
      ...Object.values(flow.milestones).flatMap((milestone) => milestone.events.map(({ type }) => type)),
      ...flow.cancelledBy.map(({ type }) => type),
    ]);
    expect(types.length).toBeGreaterThan(20);
    expect(types.filter((type) => !events.includes(`\`${type}\``))).toEqual([]);
  });

  test("names only objects that are declared, and attributes that decide as deciding", () => {
    const events = read("docs/reference/events.md");
    const declared = new Set(readPack().objectTypes.map(({ type }) => type));
    const rows = events.split("\n").filter((line) => /^\| `[a-z]+\.[a-z_]+\.[a-z_]+`/.test(line));
    const named = rows.flatMap((row) =>
      [...(row.split("|")[3] ?? "").matchAll(/`([a-z_]+)`/g)].map((match) => match[1] ?? ""),
    );
    const sealed = ["sealed_format", "recipient", "encapsulated", "part", "parts", "sealed"];
    const feeds = new Set(["watermark", "complete", "import", "events", ...sealed]);
    expect([...new Set(named)].filter((type) => !declared.has(type) && !feeds.has(type))).toEqual([]);
    const conditions = JSON.stringify([...readPack().flows.values()]).matchAll(/"attributes\.([a-z_]+)":/g);
    for (const [, name] of conditions) expect(events).toContain(`**\`${name}\`**`);
  });

  test("shows an event, a mapping, a milestone and a leg that are right", () => {
    const event = /```json\n(.*?)```/s.exec(read("docs/reference/events.md"))?.[1] ?? "";
    expect(parseEvent(JSON.parse(event)).ok).toBe(true);
    const mapping = /```yaml\n(.*?)```/s.exec(read("docs/how-to/import.md"))?.[1] ?? "";
    expect(parseImportMapping({ path: "import.md", text: mapping })).toMatchObject({ ok: true });
    const [milestone = "", leg = ""] = [...read("docs/reference/flows.md").matchAll(/```yaml\n(.*?)```/gs)].map(
      (match) => match[1],
    );
    const indent = (text: string) => text.replaceAll(/^(?=.)/gm, "  ");
    const flow = FLOW.replace("legs:\n", `${indent(milestone)}legs:\n${indent(leg)}`)
      .replace("from: below-par", "from: ordered")
      .replace("to: issued", "to: acknowledged");
    expect(listIssues(flow)).toEqual([]);
  });
});
