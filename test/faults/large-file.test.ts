import { DOCUMENT_FORMATS } from "@throughline/schemas/pack/document-mapping";
import { expect, test } from "vitest";
import { runLargeFiles } from "./large-file.ts";

test("a large file of each format is read to its end, within memory", { timeout: 180_000 }, async () => {
  const checks = await runLargeFiles({ megabytes: 1, formats: DOCUMENT_FORMATS, say: () => undefined });

  expect(checks.filter(({ finding }) => finding !== "")).toEqual([]);
});

test("a document that is larger than the limit is refused, and read past", { timeout: 180_000 }, async () => {
  const [check] = await runLargeFiles({ megabytes: 24, formats: ["ubl"], say: () => undefined });

  expect(check?.finding).toBe("");
  expect(check?.name).toMatch(/^ubl: 24 MB, 0 events, 1 findings/);
});
