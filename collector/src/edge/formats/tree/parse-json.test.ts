import { expect, test } from "vitest";
import { parseDocuments } from "../parse-documents.ts";

async function listRecords(text: string): Promise<string[]> {
  const records: string[] = [];
  for await (const { document } of parseDocuments("json", [Buffer.from(text)]))
    if (document !== undefined)
      records.push(document.root.children.map(({ name, text: value }) => `${name}=${value ?? "…"}`).join(" "));
  return records;
}

test.each([
  ["an object is one record", '{"a":1,"b":{"c":2},"d":"x"}', ["a=1 b=… d=x"]],
  ["each member of a list is one", '[{"a":1},{"a":2}]', ["a=1", "a=2"]],
  ["each of several objects is one", '{"a":1}\n{"a":2}\n', ["a=1", "a=2"]],
])("%s", async (_, text, expected) => {
  expect(await listRecords(text)).toEqual(expected);
});
