import { expect, test } from "vitest";
import { diagnose } from "./diagnose.ts";
import type { Finding } from "./finding.ts";

const OPEN: Finding = {
  key: "leg 1",
  channel: "leg",
  name: "procure-to-pay/acknowledgement",
  verdict: "BREACHED",
  hasEnded: false,
  objects: [["purchase_order_line", "1/10"]],
  at: 0,
};

test.each([
  ["R1", "wrong vendor"],
  ["R2", "refused item"],
  ["IR", "missing"],
] as const)("an acknowledgement that is awaited and was refused with %s is read as %s", (refusal, expected) => {
  expect(diagnose({ ...OPEN, refusal })).toBe(expected);
  expect(diagnose(OPEN)).toBe("missing");
});
