import { expect, test } from "vitest";
import { normalizeNdc } from "./normalize-ndc.ts";

test.each([
  ["0093-4155-73", "00093415573"],
  ["00093-415-57", "00093041557"],
  ["00093-4155-7", "00093415507"],
  ["00093-4155-73", "00093415573"],
  ["00093415573", "00093415573"],
  // Ten digits could be any of three.
  ["0093415573", "0093415573"],
  ["V-100", "V-100"],
])("%s becomes %s", (written, expected) => {
  expect(normalizeNdc(written)).toBe(expected);
});
