import { expect, test } from "vitest";
import { target } from "./target.ts";

test("refuses a cut-off by a time that lies before it, since that is over when a leg may still start", () => {
  const cutoff = (before: string, by: string) => target.safeParse({ cutoff: { before, by }, calendar: "us" });
  expect(cutoff("16:00", "18:00").success).toBe(true);
  expect(cutoff("16:00", "16:00").success).toBe(true);
  expect(cutoff("16:00", "12:00").error?.issues).toMatchObject([
    { path: ["cutoff", "by"], message: "must not be earlier than before" },
  ]);
});
