import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT_CONTEXT } from "@opentelemetry/api";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TRACEPARENT, anyTrace, toContext, toIds } from "./carrier.fixture.ts";
import { extractFileName, injectFileName, removeFileNameTrace } from "./file-name.ts";
import { readObjects, withObjects } from "./objects.ts";
import { readSideCar, toSideCarPath, writeSideCar } from "./side-car.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "throughline-carriers-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe("a file's name", () => {
  test.each([
    ["orders.csv", `orders.tp-${TRACEPARENT}.csv`],
    ["out/north.d/orders", `out/north.d/orders.tp-${TRACEPARENT}`],
    [
      String.raw`C:\out\orders.tar.gz`,
      String.raw`C:\out\orders.tar.tp-${TRACEPARENT}.gz`.replace("${TRACEPARENT}", TRACEPARENT),
    ],
    [".hidden", `.hidden.tp-${TRACEPARENT}`],
  ])("%s carries a trace", (path, expected) => {
    expect(injectFileName(path, toContext())).toBe(expected);
  });

  test("comes back as it was, with the latest trace, and never leaves its folder", () => {
    const name = fc.string({ unit: fc.constantFrom("a", ".", "-", "é", "t", "p", "0"), minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(name, anyTrace, anyTrace, (base, one, two) => {
        const named = injectFileName(`/out/${injectFileName(base, one)}`, two);
        expect(toIds(extractFileName(named))).toBe(toIds(two));
        expect(removeFileNameTrace(named)).toBe(`/out/${base}`);
        expect(named.startsWith("/out/")).toBe(true);
        expect(named.slice(5)).not.toContain("/");
      }),
    );
  });

  test.each(["", "out/", "a\0b", "x".repeat(250)])("that cannot carry a trace stays as it is: %j", (path) => {
    expect(injectFileName(path, toContext())).toBe(path);
    expect(extractFileName(path)).toBeUndefined();
  });

  test("of any form is read without harm", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (path) => {
        expect(extractFileName(path)).toBeUndefined();
        expect(extractFileName(`a.tp-${path}.csv`)).toBeUndefined();
      }),
    );
    expect(extractFileName(`a.tp-00-${"0".repeat(32)}-${"1".repeat(16)}-01.csv`)).toBeUndefined();
  });
});

describe("a side-car", () => {
  test("carries a trace and its keys beside a file that gets its name afterwards", async () => {
    const from = withObjects(toContext(), [{ type: "purchase_order", id: "4500012345" }]);
    const path = join(directory, "orders.csv");
    writeFileSync(`${path}.part`, "4500012345;10\n");
    expect(await writeSideCar(path, { from, contentPath: `${path}.part` })).toBe(true);
    writeFileSync(path, "4500012345;10\n");
    const carried = await readSideCar(path);
    expect(toIds(carried)).toBe(toIds(from));
    expect(carried && readObjects(carried)).toEqual([{ type: "purchase_order", id: "4500012345" }]);
    expect(readdirSync(directory).toSorted()).toEqual(["orders.csv", "orders.csv.part", "orders.csv.trace.json"]);
  });

  test("is not taken for another file of the same name", async () => {
    const path = join(directory, "orders.csv");
    writeFileSync(path, "today");
    await writeSideCar(path, { from: toContext() });
    writeFileSync(path, "tomorrow");
    expect(await readSideCar(path)).toBeUndefined();
  });

  test.each([
    ["malformed", "{"],
    ["null", "null"],
    ["a list", "[]"],
    ["without a digest", JSON.stringify({ traceparent: TRACEPARENT })],
    ["with a digest that is none", JSON.stringify({ traceparent: TRACEPARENT, sha256: { a: 1 } })],
    ["larger than 64 KB", JSON.stringify({ traceparent: TRACEPARENT, sha256: "", fill: "x".repeat(70_000) })],
    ["with line breaks", JSON.stringify({ traceparent: `${TRACEPARENT}\r\nx`, sha256: "" })],
  ])("that is %s carries nothing", async (_, text) => {
    const path = join(directory, "orders.csv");
    writeFileSync(path, "");
    writeFileSync(toSideCarPath(path), text);
    expect(await readSideCar(path)).toBeUndefined();
  });

  test("says when it could not be written, and leaves nothing behind", async () => {
    expect(await writeSideCar(join(directory, "missing.csv"), { from: toContext() })).toBe(false);
    const path = join(directory, "orders.csv");
    writeFileSync(path, "");
    expect(await writeSideCar(path, { from: ROOT_CONTEXT })).toBe(false);
    expect(readdirSync(directory)).toEqual(["orders.csv"]);
    expect(await readSideCar(join(directory, "missing.csv"))).toBeUndefined();
  });
});
