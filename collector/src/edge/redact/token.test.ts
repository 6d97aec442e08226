import { expect, test } from "vitest";
import { coarsenDate } from "./coarsen-date.ts";
import { hasPersonalShape } from "./personal-shape.ts";
import { createTokenKey, toToken } from "./token.ts";

const secret = (fill: number) => Buffer.alloc(32, fill);

test("a token is the same for the same text and key, and another for any other", () => {
  const key = createTokenKey("k1", secret(1));
  expect(toToken(key, "RX-1")).toBe(toToken(createTokenKey("k1", secret(1)), "RX-1"));
  expect(
    new Set([toToken(key, "RX-1"), toToken(key, "RX-2"), toToken(createTokenKey("k1", secret(2)), "RX-1")]).size,
  ).toBe(3);
  expect(toToken(key, "RX-1")).toMatch(/^k1-[0-9a-f]{32}$/);
});

test("a key that is short or has no version is refused", () => {
  expect(() => createTokenKey("k1", Buffer.alloc(31))).toThrow("32 bytes");
  expect(() => createTokenKey("", secret(1))).toThrow("version");
});

test.each([
  ["19480229", "day", "1948-02-29"],
  ["1948-02-29T10:00:00Z", "month", "1948-02"],
  ["194802291000", "year", "1948"],
  ["19480229", "none", undefined],
  ["unknown", "day", undefined],
] as const)("of %s the %s remains: %s", (text, precision, expected) => {
  expect(coarsenDate(text, precision)).toBe(expected);
});

test.each([
  "a@b.example",
  "078-05-1120",
  "(309) 555-0143",
  "+1 309-555-0142",
  "http://x.example",
  "http://intranet/people/7",
  "WWW.x.example",
  "203.0.113.7",
  "urn:epc:id:gsrn:95252084.000000001",
  "https://id.gs1.org/8018/952520840000000014",
  "2001:db8:0:0:0:0:0:1",
  "x".repeat(513),
])("%s has the shape of what names a person", (text) => {
  expect(hasPersonalShape(text)).toBe(true);
});

test.each([
  "0093-4155-73",
  "00093-4155-73",
  "4500012345",
  "1Z999AA10123456784",
  "2026-03-02T09:13:00-06:00",
  "urn:epc:id:sgtin:030093.0415573.1",
  "https://id.gs1.org/01/9521321",
  "2.16.840.1.113883.6.69",
  "4711/7F2201",
])("%s has not", (text) => {
  expect(hasPersonalShape(text)).toBe(false);
});

test("looking at a long text takes no time", () => {
  const began = performance.now();
  expect(hasPersonalShape(`1-1${"a".repeat(1_000_000)}`)).toBe(true);
  expect(performance.now() - began).toBeLessThan(500);
});
