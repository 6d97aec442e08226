import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatPackIssue, type PackFile } from "./pack-issue.ts";
import { parsePack } from "./parse-pack.ts";

const CONFIG = fileURLToPath(new URL("../../../config/", import.meta.url));

import { FLOW, listIssues, OBJECTS } from "./small-pack.fixture.ts";

describe("a pack", () => {
  test("is read whole, with the shipped flows", () => {
    const result = parsePack(readConfig());
    expect(result.ok ? [] : result.issues.map(formatPackIssue)).toEqual([]);
    if (!result.ok) return;
    expect([...result.pack.flows.keys()]).toEqual([
      "contract-price-sync",
      "controlled-substance-loss",
      "controlled-substance-order",
      "dispense-to-ledger",
      "goods-receipt-to-invoice",
      "item-formulary-sync",
      "medication-replenishment",
      "period-close",
      "procure-to-pay",
      "supplier-onboarding",
    ]);
    expect(
      result.pack.flows.get("procure-to-pay")?.legs.find((leg) => leg.id === "acknowledgement")?.targets,
    ).toHaveLength(2);
    expect(result.pack.flows.get("medication-replenishment")?.legs[0]?.atRiskPercent).toBe(80);
  });

  test("gives a flow a version that comments and layout do not change, and rules do", () => {
    expect(versionOf(FLOW)).toMatch(/^[0-9a-f]{12}$/);
    expect(versionOf(`# a comment\n${FLOW.replace("within: PT4H", "within:   PT4H")}`)).toBe(versionOf(FLOW));
    expect(versionOf(FLOW.replace("PT4H", "PT5H"))).not.toBe(versionOf(FLOW));
  });

  test("without objects or flows names what is missing", () => {
    const result = parsePack([]);
    expect(result.ok ? [] : result.issues.map(formatPackIssue)).toEqual([
      "flows:1:1: holds no flow (each flow is a file flows/<name>.yaml)",
      "objects.yaml:1:1: is missing (it declares the object types that flows follow)",
    ]);
  });
});

describe("an issue", () => {
  test("names the measure that completion by quantity needs", () => {
    const flow = FLOW.replace("    measure: quantity\n", "").replace(
      "    response:",
      "    completion: { underTolerancePercent: 5 }\n    response:",
    );
    expect(listIssues(flow)).toEqual([
      'flows/small.yaml:32:5: completion by quantity needs a measure on the milestone "ordered" (add "measure: quantity" to ordered)',
    ]);
  });

  test("does not hide others: all are listed at once, in the order of the files", () => {
    const flow = FLOW.replace("owner: Nobody\n", "").replace("to: received", "to: recieved").replace("PT4H", "4h");
    expect(listIssues(flow, OBJECTS.replace("type: order", "type: Order"))).toEqual([
      'flows/small.yaml:1:1: "owner" is missing in this file',
      'flows/small.yaml:7:9: "order" is not an object type that objects.yaml declares (did you mean "Order"?)',
      'flows/small.yaml:9:13: "order" is not an object type that objects.yaml declares (did you mean "Order"?)',
      'flows/small.yaml:17:3: no leg starts or ends at "received" (name it in a leg or remove it)',
      'flows/small.yaml:27:9: no milestone "recieved" in this flow (did you mean "received"?)',
      "flows/small.yaml:31:17: within must be an ISO 8601 duration of hours, minutes and seconds, such as PT4H or PT1H30M",
      "objects.yaml:2:13: type must be a lower-case word such as purchase_order_line",
    ]);
  });

  test("is raised for a flow that two files describe", () => {
    expect(listIssues(FLOW, OBJECTS, [{ path: "flows/twin.yaml", text: FLOW }])).toEqual([
      'flows/twin.yaml:1:5: the flow "small" is already described in flows/small.yaml',
    ]);
  });

  test("is raised for object types and source rules that can never count", () => {
    const sources =
      'sources:\n  - { source: "*", watermark: arrival }\n  - { source: "/erp/*", watermark: heartbeat }\n  - { source: "/a*b", watermark: arrival }\n';
    expect(
      listIssues(FLOW, `${OBJECTS}  - { type: order, title: Again }\n`, [{ path: "sources.yaml", text: sources }]),
    ).toEqual([
      'objects.yaml:5:13: "order" is declared twice',
      'sources.yaml:3:15: this rule is never used: "*" before it fits first (put the narrower rule first)',
      'sources.yaml:4:15: "*" may only end a source, as in "/import/*"',
    ]);
  });

  test("is raised for a source that would always be silent, and for a calendar that there is not", () => {
    const sources =
      'sources:\n  - { source: "/a", watermark: arrival, heartbeatEvery: PT5M, silentAfter: PT2M, calendar: nights }\n';
    expect(listIssues(FLOW, OBJECTS, [{ path: "sources.yaml", text: sources }])).toEqual([
      "sources.yaml:2:76: is shorter than heartbeatEvery: the source would always be silent",
      'sources.yaml:2:92: no calendar "nights" (declare it in calendars.yaml)',
    ]);
  });

  test("is raised for files that are no part of a pack, empty or too large", () => {
    expect(
      listIssues(FLOW, OBJECTS, [
        { path: "flow/x.yaml", text: "a: 1" },
        { path: "flows/empty.yaml", text: "# nothing\n" },
        { path: "flows/huge.yaml", text: `id: ${"x".repeat(1_000_000)}` },
      ]),
    ).toEqual([
      "flow/x.yaml:1:1: is not a file of a pack (a pack has objects.yaml, sources.yaml, calendars.yaml, slos.yaml, interfaces.yaml, tolerances.yaml, units.yaml, match-routing.yaml, reconciliations.yaml, flows/, mappings/, documents/ and crosswalks/)",
      "flows/empty.yaml:1:1: is empty",
      "flows/huge.yaml:1:1: is longer than 1000000 characters",
    ]);
  });

  test("is raised for anchors that multiply and for nesting without end", () => {
    const bomb = Array.from(
      { length: 12 },
      (_, level) =>
        `a${level}: &a${level} [${Array.from({ length: 9 }, () => (level === 0 ? "x" : `*a${level - 1}`)).join(", ")}]`,
    ).join("\n");
    expect(
      listIssues(FLOW, OBJECTS, [
        { path: "flows/bomb.yaml", text: bomb },
        { path: "flows/deep.yaml", text: "[".repeat(50_000) },
      ]),
    ).toEqual([
      "flows/bomb.yaml:1:1: uses its anchors more than 100 times over",
      "flows/deep.yaml:1:1: is nested too deeply",
    ]);
  });

  test("is found behind an alias", () => {
    const flow = FLOW.replace("anchor: order", "anchor: &o ordr").replace("from: order,", "from: *o,");
    expect(listIssues(flow)).toContain(
      'flows/small.yaml:10:13: "ordr" is not an object type that objects.yaml declares (did you mean "order"?)',
    );
  });

  test("beyond the limit is counted", () => {
    const links = Array.from({ length: 700 }, (_, index) => `  - { from: order, to: x${index} }\n`).join("");
    const issues = listIssues(FLOW.replace("links:\n", `links:\n${links}`));
    expect(issues).toHaveLength(501);
    expect(issues.at(-1)).toContain("200 more problems follow");
  });
});

describe("parsePack under any damage", () => {
  const lines = FLOW.split("\n");

  test("never throws, and every issue stands inside its file", () => {
    const damage = fc.record({
      line: fc.nat(lines.length - 1),
      column: fc.nat(40),
      insert: fc.oneof(
        fc.string({ maxLength: 6 }),
        fc.constantFrom("[", "{", "&a ", "*a ", "!!set ", "\t", "? ", "- ", "__proto__: 1"),
      ),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
        const damaged = [...lines];
        for (const { line, column, insert } of damages) {
          const text = damaged[line] ?? "";
          damaged[line] = text.slice(0, column) + insert + text.slice(column);
        }
        const text = damaged.join("\n");
        const result = parsePack([
          { path: "objects.yaml", text: OBJECTS },
          { path: "flows/small.yaml", text },
        ]);
        const count = text.split("\n").length;
        for (const issue of result.ok ? [] : result.issues) {
          expect(issue.line).toBeGreaterThanOrEqual(1);
          expect(issue.line).toBeLessThanOrEqual(Math.max(count, 1));
          expect(issue.message.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("gives the same issues whatever the order of the files", () => {
    const files = readConfig().map(({ path, text }) => ({
      path,
      text: path.endsWith("pay.yaml") ? text.replace("owner:", "ownr:").replace("to: shipment", "to: shpment") : text,
    }));
    const expected = parsePack(files);
    fc.assert(
      fc.property(fc.shuffledSubarray(files, { minLength: files.length }), (shuffled) => {
        expect(parsePack(shuffled)).toEqual(expected);
      }),
      { numRuns: 10 },
    );
    expect(expected.ok).toBe(false);
  });
});

function readConfig(): PackFile[] {
  return readdirSync(CONFIG, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".yaml"))
    .map((path) => ({ path, text: readFileSync(CONFIG + path, "utf8") }));
}

function versionOf(text: string): string | undefined {
  const result = parsePack([
    { path: "objects.yaml", text: OBJECTS },
    { path: "flows/small.yaml", text },
  ]);
  return result.ok ? result.pack.ruleVersions.get("small") : undefined;
}
