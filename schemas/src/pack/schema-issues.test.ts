import { expect, test } from "vitest";
import { z } from "zod";
import { findSchemaIssues } from "./schema-issues.ts";
import { readYamlFile } from "./yaml-file.ts";

const schema = z.strictObject({
  from: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("directory"), path: z.string() }),
    z.strictObject({ kind: z.literal("sftp"), host: z.string() }),
  ]),
});

const find = (text: string) =>
  findSchemaIssues(readYamlFile({ path: "edge.yaml", text }), schema).map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint === undefined ? "" : `; ${hint}`}`,
  );

test.each([
  ["from: { kind: ftp }", '1:15 kind must be one of directory, sftp; did you mean "sftp"?'],
  ["from: { path: x }", '1:7 "kind" is missing in from: it must be one of directory, sftp'],
  ["from: { kind: sftp }", '1:7 "host" is missing in from'],
  ["from: { kind: sftp, host: x, hots: y }", '1:30 "hots" is not a key of from; did you mean "host"?'],
  ["from: 5", "1:7 from must be a map of keys and values"],
])("of %s it is said: %s", (text, expected) => {
  expect(find(text)).toEqual([expected]);
});
