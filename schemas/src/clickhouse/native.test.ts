import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createByteBuffer, toBytes } from "./byte-buffer.ts";
import { type Column, clearColumn, createColumn } from "./column.ts";
import { type ColumnValue, appendValue } from "./column-value.ts";
import { insertNative } from "./insert-native.ts";
import { type LocalEngine, startLocalEngine } from "./local-engine.ts";
import { appendNativeBlock } from "./native.ts";
import { type PackedColumn, packColumn, unpackColumn } from "./packed-column.ts";
import { createWriter, prepareStore } from "./store.ts";

const AWKWARD = [
  "",
  "plain",
  'O\'Reilly "quoted" \\ back\tslash\n',
  "{{MergeTree}} ${x} {name: String} %s $1 `tick` -- ; DROP TABLE events",
  "Ärzte 処方箋 🏥 \u{10FFFF}",
  "\u0001\u001f\u007f\u0080\u2028",
  "x".repeat(40),
  "ü".repeat(70_000),
];

const COLUMNS: Record<string, readonly ColumnValue[]> = {
  String: AWKWARD,
  "LowCardinality(String)": AWKWARD,
  "FixedString(16)": [Buffer.alloc(16), Buffer.from("0123456789abcdef"), Buffer.alloc(16, 127)],
  UInt8: [0, 255],
  Int8: [-128, 127],
  Bool: [true, false],
  UInt16: [0, 65_535],
  Int16: [-32_768, 32_767],
  UInt32: [0, 4_294_967_295],
  Int32: [-2_147_483_648, 2_147_483_647],
  UInt64: [0, Number.MAX_SAFE_INTEGER, 18_446_744_073_709_551_615n],
  Int64: [-1, Number.MIN_SAFE_INTEGER, -9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
  Float64: [0, -0.1, 1e300, Number.MIN_VALUE],
  DateTime: [new Date(0), new Date("2026-03-01T09:00:00Z")],
  "DateTime64(3, 'UTC')": [new Date(0), new Date("2199-12-31T23:59:59.999Z")],
  "DateTime64(9)": [0n, 1_544_712_660_300_000_001n],
  "Nullable(String)": [null, "", "ü"],
  "Nullable(DateTime64(3, 'UTC'))": [null, new Date(1)],
  "Nullable(FixedString(3))": [null, Buffer.from("abc")],
  "Array(String)": [[], AWKWARD, [""]],
  "Array(LowCardinality(String))": [[], ["a", "b", "a"], AWKWARD],
  "Array(Nullable(Int64))": [[], [null, -1n, null]],
  "Array(Array(LowCardinality(String)))": [[], [[]], [["a"], [], ["b", "a"]]],
  "Map(LowCardinality(String), String)": [new Map(), new Map(AWKWARD.map((text) => [text, text]))],
  "Map(String, UInt64)": [new Map([["a", 1]]), new Map()],
  "Array(Map(LowCardinality(String), String))": [[], [new Map(), new Map([["k", "v"]])], [new Map([["k", "w"]])]],
};

/** Packs the values in parts of the given sizes, as the log would hold them, and unpacks them again. */
function toParts(type: string, values: readonly ColumnValue[], cuts: readonly number[]): PackedColumn[] {
  const column = createColumn(type);
  const parts: PackedColumn[] = [];
  let start = 0;
  for (const end of [...cuts.toSorted((a, b) => a - b), values.length]) {
    clearColumn(column);
    for (const value of values.slice(start, end)) appendValue(column, value);
    const out = createByteBuffer();
    packColumn(out, column);
    const cursor = { bytes: Buffer.from(toBytes(out)), at: 0 };
    parts.push(unpackColumn(cursor, column));
    expect(cursor.at).toBe(out.size);
    start = end;
  }
  return parts;
}

function toNative(rows: number, columns: { name: string; shape: Column; parts: PackedColumn[] }[]): Buffer {
  const out = createByteBuffer();
  appendNativeBlock(out, rows, columns);
  return Buffer.from(toBytes(out));
}

describe("the Native format", () => {
  const directory = mkdtempSync(join(tmpdir(), "native-"));
  let engine: LocalEngine;
  let client: ClickHouseClient;

  beforeAll(async () => {
    engine = await startLocalEngine({ directory, memoryBytes: 2_000_000_000 });
    await prepareStore(engine.connection, []);
    client = createWriter(engine.connection);
  });

  afterAll(async () => {
    await client.close();
    await engine.stop();
    rmSync(directory, { recursive: true });
  });

  /** What the engine holds, as a comparable text for each row, beside what its own parser made of the same values. */
  async function readBack(type: string, values: readonly ColumnValue[], native: Buffer) {
    const table = "round_trip";
    await client.command({ query: `DROP TABLE IF EXISTS ${table}` });
    await client.command({ query: `CREATE TABLE ${table} (n UInt32, v ${type}) ENGINE = MergeTree ORDER BY n` });
    await insertNative(client, { table, block: native });
    const result = await client.query({
      query: `SELECT toJSONString(v) AS text FROM ${table} ORDER BY n LIMIT 1000000`,
      format: "JSONEachRow",
      clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
    });
    const rows = await result.json<{ text: string }>();
    expect(rows).toHaveLength(values.length);
    return rows.map(({ text }) => JSON.parse(text));
  }

  it.each(Object.entries(COLUMNS))("keeps every value of %s", async (type, values) => {
    const cuts = values.map((_, index) => index);
    const numbers = values.map((_, index) => index);
    const native = toNative(values.length, [
      { name: "n", shape: createColumn("UInt32"), parts: toParts("UInt32", numbers, []) },
      { name: "v", shape: createColumn(type), parts: toParts(type, values, cuts) },
    ]);

    expect(await readBack(type, values, native)).toEqual(values.map((value) => toExpected(type, value)));
  });

  it("keeps text and dictionaries of any size however they are cut into parts", async () => {
    const text = fc.string({ unit: "binary", maxLength: 60 });
    const input = fc.record({
      words: fc.array(fc.oneof(text, fc.constantFrom("a", "b")), { minLength: 1, maxLength: 80 }),
      cuts: fc.array(fc.nat(80), { maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(input, async ({ words, cuts }) => {
        const inside = cuts.filter((cut) => cut <= words.length);
        const type = "Array(LowCardinality(String))";
        const values = words.map((word, index) => Array.from({ length: index % 4 }, () => word));
        const native = toNative(values.length, [
          {
            name: "n",
            shape: createColumn("UInt32"),
            parts: toParts(
              "UInt32",
              values.map((_, index) => index),
              inside,
            ),
          },
          { name: "v", shape: createColumn(type), parts: toParts(type, values, inside) },
        ]);
        expect(await readBack(type, values, native)).toEqual(values);
      }),
      { numRuns: 20 },
    );
  });

  it.each([256, 257, 65_536, 65_537])("numbers a dictionary of %i words", async (count) => {
    const values = Array.from({ length: count }, (_, index) => `word ${index}`);
    const type = "LowCardinality(String)";
    const native = toNative(count, [
      {
        name: "n",
        shape: createColumn("UInt32"),
        parts: toParts(
          "UInt32",
          values.map((_, index) => index),
          [count / 2],
        ),
      },
      { name: "v", shape: createColumn(type), parts: toParts(type, values, [Math.floor(count / 2)]) },
    ]);

    expect(await readBack(type, values, native)).toEqual(values);
  });

  it("refuses a column type that it cannot encode", () => {
    expect(() => createColumn("Decimal(10, 2)")).toThrow("Columns of type Decimal(10, 2) cannot be encoded.");
  });
});

function toExpected(type: string, value: ColumnValue): unknown {
  if (value instanceof Map) {
    const itemType = /, (.*)\)$/.exec(type)?.[1] ?? "";
    return Object.fromEntries([...value].map(([key, item]) => [key, toExpected(itemType, item)]));
  }
  if (Array.isArray(value)) return value.map((item) => toExpected(type.slice(6, -1), item));
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
  if (type.includes("DateTime64(9)"))
    return value === 0n ? "1970-01-01 00:00:00.000000000" : "2018-12-13 14:51:00.300000001";
  if (value instanceof Date)
    return value
      .toISOString()
      .replace("T", " ")
      .slice(0, type.includes("64") ? 23 : 19);
  if (typeof value === "bigint" || (typeof value === "number" && type.includes("Int64"))) return value.toString();
  return value;
}
